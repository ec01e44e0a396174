"""What a teacher is told at the end of a command."""


def listed(problems, heading):
    """Print a line for each student with a problem; return 1 if any."""
    if problems:
        print(heading, *(f'  {x}: {problems[x]}' for x in problems), sep='\n')
    return int(bool(problems))
