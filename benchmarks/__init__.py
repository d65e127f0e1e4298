"""Measurements behind what the course claims about speed and memory: python -m benchmarks."""
