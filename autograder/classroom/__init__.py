"""An instructor's day: the class's policy, its roster, collecting, marks and the class report.

`nbgrader` keeps the gradebook and does the grading steps. These modules bring in what it lacks:

    policy          reads `classroom/class.toml`: due times, late rules, points, extensions
    roster          reads Moodle's and Canvas's lists of students into `classroom/roster.csv`
    collecting      takes the archives that Moodle and Canvas give
    timestamps      reads `timestamp.txt` without trusting it
    late            nbgrader's late penalties by the policy
    standing        what is graded, what is new, what is out of date
    marks           marks as CSV, as Moodle and Canvas import them
    class_report    what the class found hard
"""
