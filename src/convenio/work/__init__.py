"""What people work on: the findings queue, case files, jobs, and the border's papers as lists."""
