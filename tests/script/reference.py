"""Runs the programs of a file (separated by \\x01) in CPython and prints what each of them printed and how it ended."""
import contextlib
import io
import resource
import sys
import warnings

warnings.simplefilter("ignore")
resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
with open(sys.argv[1], encoding="utf-8") as file:
    programs = file.read().split("\x01")
with open(sys.argv[2], "w", encoding="utf-8") as out:
    for number, program in enumerate(programs):
        printed = io.StringIO()
        error = "\x02"
        line = 0
        try:
            with contextlib.redirect_stdout(printed):
                exec(compile(program, "<program>", "exec"), {"__name__": "__main__"})
        except SyntaxError as problem:
            error = type(problem).__name__ + "\x02" + problem.msg
            line = problem.lineno
        except Exception as problem:
            error = type(problem).__name__ + "\x02" + str(problem)
            trace = problem.__traceback__
            while trace:
                if trace.tb_frame.f_code.co_filename == "<program>":
                    line = trace.tb_lineno
                trace = trace.tb_next
        out.write("\x01" if number else "")
        out.write(printed.getvalue() + "\x02" + error + "\x02" + str(line))
