"""Reports of the program's methods as one HTML file each.

A declared method whose name stands in `HTML` has a report of its own: "module:function" below this package, called
with the input tables, the parameters, the result and what was read of which file. The command line takes it for
`--output FILE.html`.
"""

HTML = {"detect": "detection:detection_report"}
