#!/bin/sh
# Take nbgrader out of Jupyter for all but the teacher of a class, whose
# server has JUPYTER_CONFIG_PATH=/opt/venv/etc/teacher.
#   teacher.sh     while the image is built
set -eu

prefix=$(python -c 'import sys; print(sys.prefix)')
servers=jupyter_server_config.d
mkdir -p "$prefix/etc/teacher/$servers" "$prefix/etc/teacher/labconfig"
mv "$prefix/etc/jupyter/$servers/nbgrader.json" "$prefix/etc/teacher/$servers"
jupyter labextension disable @jupyter/nbgrader
cat > "$prefix/etc/teacher/labconfig/page_config.json" << 'END'
{"disabledExtensions": {"@jupyter/nbgrader": false}}
END
python - > "$prefix/etc/teacher/nbgrader_config.py" << 'END'
from book.shipping.assignments import NOTHING_RUNS
print(f"""\
# The course of the class; further settings are in its folder
c = get_config()
c.CourseDirectory.root = '/home/reader/course'
{NOTHING_RUNS}""", end='')
END
