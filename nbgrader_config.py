"""The course as nbgrader sees it: sources in solutions/, releases in exercises/."""

c = get_config()  # noqa: F821

c.CourseDirectory.course_id = "torchproof"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"

c.ClearSolutions.code_stub = {"python": "# Your code here.\nraise NotImplementedError()"}

c.ExecutePreprocessor.timeout = 120
c.ExecutePreprocessor.kernel_name = "python3"
