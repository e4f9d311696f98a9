"""A small program in each language."""

from __future__ import annotations

C = b"""#include <stdio.h>
/* adds */
int add(int a, int b) {
    return a + b; // sum
}
int main(void) { int x[3] = {1, 2, 1}; printf("%d\\n", add(x[0], 2)); return 0; }
"""
CPP = b"namespace a {\ntemplate <class T> T twice(T x) { return std::move(x) + x; }\n}\n"
FORTRAN = b"""program hello
  implicit none
  INTEGER :: i
  do i = 1, 10
    print *, 'hello', i
  end do
end program hello
"""
PYTHON = b"import os\n\n\ndef f(x):\n    if x:\n        return [1, 'a']\n    return f(x - 1)\n"
PROGRAMS = {"c": C, "cpp": CPP, "fortran": FORTRAN, "python": PYTHON}
