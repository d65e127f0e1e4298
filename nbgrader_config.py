"""Where nbgrader finds the course's folders, and which steps of ours it takes.

    nbgrader generate_assignment memory_wall
    nbgrader autograde memory_wall
    nbgrader generate_feedback memory_wall
    nbgrader formgrader            (in Jupyter)

The classes behind the names are in `autograder/preprocessors.py`.
"""

from pathlib import Path

from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
from nbgrader import preprocessors as theirs

from autograder import preprocessors as ours
from autograder.classroom import late
from autograder.feedback_pages import FeedbackExporter, PeoplesComments
from autograder.grading import put_tools_on_path

put_tools_on_path()

c = get_config()  # type: ignore[name-defined]  # noqa: F821  nbgrader defines it

c.CourseDirectory.course_id = "beyond-pandas"
c.CourseDirectory.source_directory = "build/source"  # generated from solutions/
c.CourseDirectory.release_directory = "exercises"
c.CourseDirectory.submitted_directory = "classroom/submitted"
c.CourseDirectory.autograded_directory = "classroom/autograded"
c.CourseDirectory.feedback_directory = "classroom/feedback"
c.CourseDirectory.solution_directory = "classroom/solutions"
c.CourseDirectory.db_url = f"sqlite:///{Path(__file__).parent.resolve()}/classroom/gradebook.db"
# A submission is one notebook. Whatever else lies in a student's folder, links included, stays
# there: nbgrader would copy it along. `CarryTimestamp` brings the time of the submission.
c.CourseDirectory.ignore = ["*"]
# What is handed out is ours, and nbgrader's exchange would else hand out an empty folder.
c.ReleaseAssignmentApp.CourseDirectory.ignore = [".*", "*.pyc", "__pycache__"]

# Students get the `given` code of an answer where there is some, else this line.
c.GenerateAssignment.preprocessors = [
    theirs.LockCells,
    ours.ReleaseAnswers,
    theirs.ClearOutput,
    theirs.CheckCellMetadata,
    theirs.ComputeChecksums,
    theirs.SaveCells,
    theirs.ClearHiddenTests,
    theirs.ComputeChecksums,
    theirs.CheckCellMetadata,
]
c.ClearSolutions.code_stub = {"python": 'raise NotImplementedError("write your answer here")'}

# A submission is read by us: with limits, repaired where it can be, set aside where it cannot.
c.Autograde.exporter_class = ours.SubmissionExporter
c.Autograde.sanitize_preprocessors = [
    theirs.ClearOutput,
    theirs.OverwriteKernelspec,
    theirs.OverwriteCells,
    theirs.CheckCellMetadata,
]
c.OverwriteCells.add_missing_cells = True
# No cell is executed by nbgrader. Answers run behind the wall and are judged outside it; the
# points and the report are then written into the notebook, where nbgrader looks for them.
c.Autograde.autograde_preprocessors = [
    ours.WriteVerdict,
    ours.SaveVerdict,
    late.DueDates,
    theirs.AssignLatePenalties,
    ours.CarryTimestamp,
    theirs.CheckCellMetadata,
]
# What being late costs stands in classroom/class.toml.
c.AssignLatePenalties.plugin_class = late.LatePolicy
c.GenerateFeedback.exporter_class = FeedbackExporter
c.GenerateFeedback.preprocessors = [
    theirs.GetGrades,
    PeoplesComments,
    CSSHTMLHeaderPreprocessor,
    ours.CarryTimestamp,
]
