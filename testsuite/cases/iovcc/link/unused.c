int never_called(int a)
{
	return a * 3;
}
