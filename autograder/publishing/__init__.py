"""What leaves the house: the built book, and the students' edition of the course."""
