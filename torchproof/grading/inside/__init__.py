"""The part of the grader that runs inside the wall; all of the grader a learner's code can see."""
