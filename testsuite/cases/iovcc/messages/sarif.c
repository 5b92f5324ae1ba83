// RUN: iovcc --diagnostics-format=sarif --diagnostics-file=%t.sarif -c %s -o %t.o || grep -o '"ruleId": *"[^"]*"' %t.sarif
int f(int x)
{
	return y;
}
//= STDOUT
//| "ruleId": "IOV-C001"
