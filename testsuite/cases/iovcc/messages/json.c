// RUN: iovcc --diagnostics-format=json -c %s -o %t.o
// EXIT: 1
int f(int x)
{
	return y;
}
//= STDERR
//| {
//|   "tool": "iovcc", "version": "0.1.0",
//|   "diagnostics": [
//|     {"code": "IOV-C001", "severity": "error", "title": "error in the C source",
//|     "message": "use of undeclared identifier 'y'",
//|     "location": {"file": "json.c", "line": 5, "column": 9, "length": 1, "source": "\treturn y;"},
//|     "notes": []}
//|   ]
//| }
