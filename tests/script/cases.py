"""Checks the cases of the language against the CPython that runs this (3.11); --write fills in what it printed.

    tests/script/cases.py [--write] tests/script/cases/*.txt

A case is a line `### title`, a program, a line `---`, and what it prints. A program that fails ends with a line
`! Type: message @line`. Cases of refusals and limits are this language's own and are not in these files.
"""
import contextlib
import io
import sys
import warnings

warnings.simplefilter("ignore")


def run(program):
    printed = io.StringIO()
    ending = ""
    try:
        with contextlib.redirect_stdout(printed):
            exec(compile(program, "<case>", "exec"), {"__name__": "__main__"})
    except SyntaxError as problem:
        ending = f"! {type(problem).__name__}: {problem.msg} @{problem.lineno}\n"
    except Exception as problem:
        line = 0
        trace = problem.__traceback__
        while trace:
            if trace.tb_frame.f_code.co_filename == "<case>":
                line = trace.tb_lineno
            trace = trace.tb_next
        ending = f"! {type(problem).__name__}: {problem} @{line}\n"
    return printed.getvalue() + ending


def main():
    write = sys.argv[1:2] == ["--write"]
    wrong = 0
    for path in sys.argv[1 + write :]:
        with open(path, encoding="utf-8") as file:
            parts = file.read().split("### ")
        out = parts[0]
        for part in parts[1:]:
            title, _, rest = part.partition("\n")
            program, _, expected = rest.partition("---\n")
            actual = run(program)
            if actual != expected:
                wrong += 1
                if not write:
                    print(f"{path}: {title}: expected\n{expected}but CPython gives\n{actual}")
            out += f"### {title}\n{program}---\n{actual}"
        if write:
            with open(path, "w", encoding="utf-8") as file:
                file.write(out)
    return wrong > 0 and not write


sys.exit(main())
