"""What the wall promises, tried from the inside by programs that want out."""

from __future__ import annotations

import json
import os
import platform
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import autograder
from autograder.wall import Limits, Wall, WallError, cgroups, seccomp
from tests.wall.jails import DAEMON, SMALL, Run, alive, code, start, wait_for

Printed = Callable[..., str]
MIB = 1024 * 1024


# What a program needs to work


def test_the_interpreter_runs_inside_with_its_packages(printed: Printed) -> None:
    assert printed("import pandas, pyarrow; print(pandas.Series([1, 2]).sum())") == "3"


def test_a_program_reads_what_it_was_shown_and_where_place_says(
    wall: Wall, printed: Printed, tmp_path: Path
) -> None:
    (tmp_path / "orders.csv").write_text("id\n1\n")
    tmp_path.chmod(0o755)
    readonly = {"/inputs/orders.csv": tmp_path / "orders.csv", "/tables": tmp_path}
    seen = wall.place(readonly)
    inside = printed(
        f"print(open({seen['/inputs/orders.csv']!r}).read() + open('/tables/orders.csv').read())",
        readonly=readonly,
    )
    assert inside.split() == ["id", "1", "id", "1"]


def test_standard_input_arrives_whole(printed: Printed) -> None:
    sent = b"x" * (3 * MIB)
    assert printed("import sys; print(len(sys.stdin.read()))", stdin=sent) == str(len(sent))


def test_a_flood_on_standard_error_does_not_block_the_program(run: Run) -> None:
    done = run("import sys; sys.stderr.write('x' * 3_000_000 + 'end'); print('done')")
    assert done.stdout == b"done\n"
    assert done.stderr.endswith(b"end")
    assert len(done.stderr) <= 64 * 1024


def test_the_own_loopback_works(printed: Printed) -> None:
    assert (
        printed(
            code("""
        import socket
        server = socket.create_server(("localhost", 0))
        client = socket.create_connection(server.getsockname())
        print(socket.gethostbyname(socket.gethostname()))
    """)
        )
        == "127.0.0.1"
    )


def test_java_runs_inside(printed: Printed) -> None:
    if not Path("/usr/bin/java").exists():
        pytest.skip("NOT TESTED: this machine has no /usr/bin/java")
    limits = Limits(memory_mb=2048)
    done = printed(
        "import subprocess; subprocess.run(['java', '-XX:+UseSerialGC', '-version'], check=True)",
        limits=limits,
    )
    assert done == ""


# Files


def test_files_outside_cannot_be_read(printed: Printed, tmp_path: Path) -> None:
    secret = tmp_path / "gradebook.db"
    secret.write_text("marks")
    secret.chmod(0o644)
    clone = Path(autograder.__file__).parent
    outside = [
        secret,
        clone,
        clone / "checks",
        clone.parent / "solutions",
        Path.home() / ".ssh",
        Path("/etc/shadow"),
        Path("/var"),
        Path("/run"),
        Path("/sys"),
        Path("/boot"),
    ]
    assert (
        printed(f"import os; print([p for p in {list(map(str, outside))} if os.path.exists(p)])")
        == "[]"
    )


def test_the_course_is_out_of_reach_even_by_import(run: Run) -> None:
    done = run("import autograder.checks")
    assert done.returncode == 1
    # Installed in place, the course has a finder whose folder is not there in a jail.
    assert b"ModuleNotFoundError" in done.stderr or b"FileNotFoundError" in done.stderr


def test_links_out_of_what_is_shown_lead_nowhere(run: Run, tmp_path: Path) -> None:
    (tmp_path / "shown").mkdir()
    (tmp_path / "secret").write_text("marks")
    (tmp_path / "shown" / "link").symlink_to(tmp_path / "secret")
    done = run("open('/shown/link')", readonly={"/shown": tmp_path / "shown"})
    assert b"FileNotFoundError" in done.stderr


def test_a_folder_that_cannot_be_listed_shows_files_to_who_knows_their_names(
    printed: Printed, tmp_path: Path
) -> None:
    folder = tmp_path / "inputs"
    folder.mkdir()
    (folder / "known").write_text("rows")
    (folder / "known").chmod(0o644)
    folder.chmod(0o311)
    try:
        tried = printed(
            code("""
            import os
            print(open("/inputs/known").read())
            for act in (
                lambda: os.listdir("/inputs"),
                lambda: os.chmod("/inputs", 0o755),
                lambda: os.listdir("/proc/self/root/inputs"),
            ):
                try:
                    print(act())
                except OSError:
                    print("no")
            """),
            readonly={"/inputs": folder},
        )
    finally:
        folder.chmod(0o755)
    assert tried.split() == ["rows", "no", "no", "no"]


def test_nothing_but_scratch_can_be_written(printed: Printed, tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir(mode=0o755)
    (tmp_path / "tables" / "orders").write_text("")
    os.chmod(tmp_path / "tables", 0o777)
    os.chmod(tmp_path / "tables" / "orders", 0o666)
    wrote = printed(
        code("""
        import os, sys
        wrote = []
        for folder, folders, files in os.walk("/"):
            if folder == "/":
                folders.remove("proc")
            for path in [folder + "/new-file", *(os.path.join(folder, f) for f in files[:20])]:
                if os.path.exists(path) and not os.path.isfile(path):
                    continue  # a device
                try:
                    open(path, "ab").close()
                    wrote.append(path)
                except OSError:
                    pass
        outs = ("/scratch/", "/dev/shm/", "/dev/std")  # the last is tested below
        print([p for p in wrote if not p.startswith(outs)])
    """),
        readonly={"/tables": tmp_path / "tables"},
        seconds=120,
    )
    assert wrote == "[]"
    assert sorted(os.listdir(tmp_path / "tables")) == ["orders"]


def test_the_interpreter_cannot_be_changed(run: Run) -> None:
    module = json.__file__
    done = run(f"open({module!r}, 'a')")
    assert b"OSError" in done.stderr or b"PermissionError" in done.stderr


def test_scratch_and_tmp_share_one_limit(printed: Printed) -> None:
    held = printed(
        code("""
        import os, tempfile
        total = 0
        for folder in (".", "/tmp", tempfile.gettempdir()):
            try:
                for number in range(100):
                    with open(f"{folder}/{number}.bin", "wb", buffering=0) as file:
                        total += file.write(bytes(1 << 20))
            except OSError as error:
                assert error.errno == 28, error
        print(total)
    """)
    )
    assert int(held) <= SMALL.scratch_mb * MIB


def test_a_file_larger_than_the_limit_cannot_be_written(printed: Printed) -> None:
    wrote = printed(
        code("""
        total = 0
        with open("big", "wb", buffering=0) as file:
            try:
                while total < 100 << 20:
                    total += file.write(bytes(1 << 20))
            except OSError as error:
                assert error.errno == 27, error
        print(total)
    """)
    )
    assert int(wrote) == SMALL.file_mb * MIB


def test_open_files_are_limited(printed: Printed) -> None:
    assert (
        int(
            printed(
                code("""
        held = []
        try:
            while len(held) < 10_000:
                held.append(open("/dev/null"))
        except OSError:
            pass
        print(len(held))
    """)
            )
        )
        < SMALL.open_files
    )


def test_no_descriptor_of_the_outside_is_inherited(printed: Printed) -> None:
    assert printed("import os; print(sorted(map(int, os.listdir('/proc/self/fd')))[:-1])") == (
        "[0, 1, 2]"
    )


def test_standard_input_cannot_be_used_as_a_store(printed: Printed) -> None:
    assert (
        printed(
            code("""
        import os
        try:
            with open("/proc/self/fd/0", "r+b", buffering=0) as file:
                file.seek(0, 2)
                file.write(b"more")
            print("written")
        except OSError:
            print("refused")
    """),
            stdin=b"request",
        )
        == "refused"
    )


def test_devices_are_the_harmless_few(printed: Printed) -> None:
    devices = set(printed("import os; print(*os.listdir('/dev'))").split())
    assert devices <= {
        "null",
        "zero",
        "full",
        "random",
        "urandom",
        "tty",
        "console",
        "stdin",
        "stdout",
        "stderr",
        "fd",
        "core",
        "pts",
        "ptmx",
        "shm",
    }


# Network


def test_a_service_of_this_machine_cannot_be_reached(printed: Printed) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        tried = printed(
            code(f"""
            import socket
            for address in ("127.0.0.1", "localhost", "{socket.gethostname()}", "10.0.0.1"):
                try:
                    socket.create_connection((address, {port}), timeout=2)
                    print("reached", address)
                except OSError as error:
                    pass
            print(*[name for _, name in socket.if_nameindex()])
        """)
        )
    assert tried == "lo"


def test_an_abstract_socket_of_this_machine_cannot_be_reached(run: Run) -> None:
    name = f"\0beyond-pandas-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(name)
        server.listen()
        done = run(f"import socket; socket.socket(socket.AF_UNIX).connect({name!r})")
    assert b"ConnectionRefusedError" in done.stderr


# Privileges, environment, other processes


def test_the_program_has_no_capabilities_and_can_gain_none(printed: Printed) -> None:
    status = printed("print(open('/proc/self/status').read())")
    assert re.findall(r"Cap(\w+):\s*(\w+)", status) == [
        (kind, "0" * 16) for kind in ("Inh", "Prm", "Eff", "Bnd", "Amb")
    ]
    assert "NoNewPrivs:\t1" in status


def test_the_program_is_not_root_and_has_no_other_group(wall: Wall, printed: Printed) -> None:
    if os.geteuid() == 0:
        uid, gid, *groups = printed(
            "import os; print(os.getuid(), os.getgid(), *os.getgroups())"
        ).split()
        assert int(uid) >= 60_000
        assert gid == uid
        assert groups == []
    assert printed("import os, pwd; print(pwd.getpwuid(os.getuid()).pw_name)") == "student"
    assert ("privileges dropped" in wall.name) == (os.geteuid() == 0)


def test_no_privileges_are_found_in_a_user_namespace(run: Run) -> None:
    done = run("import os; os.execv('/usr/bin/unshare', ['unshare', '-Urm', 'id', '-u'])")
    assert done.returncode != 0
    assert done.stdout == b""


def test_system_calls_that_no_exercise_needs_are_refused(wall: Wall, printed: Printed) -> None:
    assert "system calls filtered" in wall.name
    numbers = seccomp.MACHINES[platform.machine()]
    program = f"""
        import ctypes, errno
        call = ctypes.CDLL(None, use_errno=True).syscall
        for name, number in {dict(numbers.refused)}.items():
            ctypes.set_errno(0)
            assert call(number, 0, 0, 0, 0, 0) == -1, name
            assert ctypes.get_errno() == errno.EPERM, (name, ctypes.get_errno())
        assert call({numbers.clone}, 0x10000000 | 17, 0, 0, 0, 0) == -1  # CLONE_NEWUSER
        assert ctypes.get_errno() == errno.EPERM
        assert call({numbers.clone3}, 0, 0) == -1 and ctypes.get_errno() == errno.ENOSYS
        print("refused", {len(numbers.refused)} + 2)
    """
    assert printed(code(program)) == f"refused {len(numbers.refused) + 2}"


def test_the_filter_knows_both_kinds_of_processor() -> None:
    sizes = {name: len(seccomp.program(name) or b"") for name in seccomp.MACHINES}
    assert set(sizes) == {"x86_64", "aarch64"}
    assert all(size % 8 == 0 and size > 200 for size in sizes.values())
    assert seccomp.program("abacus") is None


def test_the_environment_holds_nothing_of_the_caller(
    printed: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADING_SEED", "secret")
    names = printed("import os; print(*os.environ)", environment={"TZ": "UTC"}).split()
    assert set(names) <= {"PATH", "HOME", "TMPDIR", "USER", "PWD", "TZ", "LC_CTYPE"}
    assert "TZ" in names


def test_what_the_jail_is_told_stands_in_no_command_line(wall: Wall) -> None:
    with start(
        wall,
        "input_ = 1; import time; time.sleep(60)",
        environment={"TOKEN": "a-value-of-the-environment"},
    ) as jailed:
        assert wait_for(jailed.tree)
        assert alive("a-value-of-the-environment") == []


def test_proc_shows_only_the_jail_itself(printed: Printed) -> None:
    pids = printed("import os; print(*[p for p in os.listdir('/proc') if p.isdigit()])")
    assert {int(pid) for pid in pids.split()} <= {1, 2, 3}


def test_a_second_jail_cannot_be_seen_or_signalled(wall: Wall) -> None:
    with start(wall, "print('up', flush=True); import time; time.sleep(60)") as victim:
        assert victim.process.stdout is not None
        assert victim.process.stdout.readline() == b"up\n"
        pids = victim.pids()
        with start(
            wall,
            code(f"""
            import os
            for pid in [-1, *{pids}, *range(1, 5000)]:
                if pid != os.getpid():
                    try:
                        os.kill(pid, 9)
                    except OSError:
                        pass
            print("tried")
        """),
        ) as attacker:
            attacker.finish(60)
        assert victim.process.poll() is None
        assert victim.pids() == pids


def test_two_jails_do_not_share_their_number_of_processes(wall: Wall) -> None:
    fill = code("""
        import subprocess, time
        for _ in range(14):
            subprocess.Popen(["sleep", "60"])
        print("full", flush=True)
        time.sleep(60)
    """)
    with start(wall, fill) as one, start(wall, fill) as other:
        for jailed in (one, other):
            assert jailed.process.stdout is not None
            assert jailed.process.stdout.readline() == b"full\n"
            assert len(jailed.tree()) == 15


# Memory, processes, time


def test_a_fork_bomb_is_stopped(wall: Wall) -> None:
    marker = f"bomb-{os.getpid()}-{time.monotonic_ns()}"
    bomb = code(f"""
        import os, time
        marker = "{marker}"
        while True:
            try:
                os.fork()
            except OSError:
                time.sleep(0.05)
    """)
    most = 0
    with start(wall, bomb) as jailed:
        until = time.monotonic() + 4
        while time.monotonic() < until and jailed.process.poll() is None:
            most = max(most, len(jailed.pids()))
            time.sleep(0.01)
    assert 1 < most <= SMALL.processes + 4
    assert alive(marker) == []


def test_threads_count_as_processes(printed: Printed) -> None:
    assert (
        int(
            printed(
                code("""
        import os, threading, time
        event = threading.Event()
        count = 0
        try:
            while count < 500:
                threading.Thread(target=event.wait, daemon=True).start()
                count += 1
        except RuntimeError:
            pass
        print(count, flush=True)
        os._exit(0)
    """)
            )
        )
        <= SMALL.processes + 4
    )


def test_one_process_that_takes_too_much_gets_a_memory_error(printed: Printed) -> None:
    assert (
        printed(
            code("""
        held = []
        try:
            while len(held) < 4000:
                held.append(bytes(range(256)) * 4096)
        except MemoryError:
            held.clear()
            print("MemoryError")
    """)
        )
        == "MemoryError"
    )


def test_many_processes_that_take_too_much_together_are_stopped(wall: Wall) -> None:
    with start(
        wall,
        code("""
        import os, time
        for _ in range(8):
            if os.fork() == 0:
                break
        held = []
        for _ in range(300):
            held.append(bytes(range(256)) * 4096)
            time.sleep(0.01)
        time.sleep(60)
    """),
    ) as jailed:
        assert wait_for(lambda: jailed.exceeded == "memory", 30)
        assert jailed.anonymous_bytes() < 1.25 * SMALL.memory_mb * MIB
    assert jailed.exceeded == "memory"


def test_memory_in_scratch_counts_where_groups_do(wall: Wall) -> None:
    if wall.limited_by != "control groups":
        return  # nothing counts them there: the threat model says so
    limits = Limits(memory_mb=64, scratch_mb=256, file_mb=256)
    with start(
        wall,
        code("""
        import os
        store = os.memfd_create("store")
        for _ in range(200):
            os.write(store, bytes(1 << 20))
        print("kept 200 MiB")
    """),
        limits=limits,
    ) as jailed:
        assert b"kept" not in jailed.finish(60).stdout
    assert jailed.exceeded == "memory"


def test_the_group_keeps_the_peak_that_the_program_cannot_reset(wall: Wall) -> None:
    with start(wall, "held = bytearray(200 << 20); del held") as jailed:
        jailed.finish(60)
    if wall.limited_by == "control groups":
        assert jailed.peak_bytes() is not None
        assert 200 * MIB < (jailed.peak_bytes() or 0) < 300 * MIB
    else:
        assert jailed.peak_bytes() is None


def test_anonymous_memory_is_seen_while_it_is_held(wall: Wall) -> None:
    with start(
        wall,
        code("""
        import sys, time
        print("small", flush=True); sys.stdin.read(1); time.sleep(0.5)
        held = bytearray(b"x") * (100 << 20)
        print("large", flush=True)
        time.sleep(60)
    """),
        stdin=b"go",
    ) as jailed:
        assert jailed.process.stdout is not None
        assert jailed.process.stdout.readline() == b"small\n"
        before = jailed.anonymous_bytes()
        assert jailed.process.stdout.readline() == b"large\n"
        assert 95 * MIB < jailed.anonymous_bytes() - before < 130 * MIB
        assert len(jailed.tree()) == 1
        assert "python" in jailed.tree()[0].name()


def test_processor_time_is_limited_when_asked(run: Run) -> None:
    done = run("while True: pass", limits=Limits(cpu_seconds=1), seconds=30)
    assert done.returncode != 0


def test_a_program_over_its_time_is_stopped(wall: Wall) -> None:
    with (
        start(wall, "import time; time.sleep(60)") as jailed,
        pytest.raises(WallError, match=r"ran for more than 0\.5 s"),
    ):
        jailed.finish(0.5)
    assert jailed.process.returncode is not None


def test_a_program_that_writes_without_end_is_stopped(wall: Wall) -> None:
    with (
        start(wall, "while True: print('x' * 100_000)") as jailed,
        pytest.raises(WallError, match="wrote more than 2 MiB"),
    ):
        jailed.finish(30, cap_mb=2)


# The end


@pytest.mark.parametrize("stays", [True, False], ids=["its_parent_runs", "its_parent_ended"])
def test_a_daemon_does_not_outlive_the_jail(wall: Wall, stays: bool) -> None:
    marker = f"daemon-{os.getpid()}-{time.monotonic_ns()}"
    text = code(DAEMON.format(marker=marker)) + ("time.sleep(600)" if stays else "")
    with start(wall, text) as jailed:
        assert jailed.process.stdout is not None
        assert jailed.process.stdout.readline() == b"left\n"
        if stays:
            assert alive(marker)
    assert alive(marker) == []


def test_stop_can_be_called_again_and_by_many_threads(wall: Wall) -> None:
    with start(wall, "import time; time.sleep(60)") as jailed:
        threads = [threading.Thread(target=jailed.stop) for _ in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        assert not any(thread.is_alive() for thread in threads)
        jailed.stop()
        assert jailed.process.poll() is not None
        assert jailed.tree() == []


def test_a_reader_finds_the_end_when_another_thread_stops_the_jail(wall: Wall) -> None:
    with start(wall, "import time; print('up', flush=True); time.sleep(60)") as jailed:
        assert jailed.process.stdout is not None
        assert jailed.process.stdout.readline() == b"up\n"
        threading.Timer(0.3, jailed.stop).start()
        assert jailed.process.stdout.readline() == b""


def test_a_jail_that_is_stopped_at_once_leaves_nothing(wall: Wall) -> None:
    marker = f"early-{os.getpid()}-{time.monotonic_ns()}"
    for number in range(20):
        jailed = start(wall, f"'{marker}'; import time; time.sleep(600)")
        time.sleep(number / 1000)
        with jailed:
            pass
    assert alive(marker) == []


def test_a_jail_lives_on_when_the_thread_that_started_it_ends(wall: Wall) -> None:
    started = []
    thread = threading.Thread(
        target=lambda: started.append(start(wall, "import time; time.sleep(1); print('done')"))
    )
    thread.start()
    thread.join()
    with started[0] as jailed:
        assert jailed.finish(30).stdout == b"done\n"


def test_a_jail_ends_with_the_grader_that_is_killed(wall: Wall, tmp_path: Path) -> None:
    marker = f"orphan-{os.getpid()}-{time.monotonic_ns()}"
    program = tmp_path / "grader.py"
    program.write_text(
        code(f"""
        import sys, time
        from autograder.wall import Limits, find_wall
        wall = find_wall(cgroups={wall.limited_by == "control groups"})
        jailed = wall.start([sys.executable, "-c", "'{marker}'; import time; time.sleep(600)"],
                            readonly={{}}, environment={{}}, limits=Limits())
        while not jailed.tree():
            time.sleep(0.01)
        time.sleep(0.3)
        print("up", flush=True)
        time.sleep(600)
    """)
    )
    root = Path(autograder.__file__).parents[1]
    with subprocess.Popen(
        [sys.executable, str(program)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(root)},
    ) as grader:
        assert grader.stdout is not None
        assert grader.stdout.readline() == b"up\n"
        assert alive(marker)
        grader.send_signal(signal.SIGKILL)
    assert wait_for(lambda: not alive(marker))
    if parents := cgroups.find_parents():
        cgroups.sweep(parents)  # as the next grader does


def test_a_jail_ends_when_bubblewrap_itself_is_killed(wall: Wall) -> None:
    marker = f"headless-{os.getpid()}-{time.monotonic_ns()}"
    with start(
        wall, f"'{marker}'; print('up', flush=True); import time; time.sleep(600)"
    ) as jailed:
        assert jailed.process.stdout is not None
        assert jailed.process.stdout.readline() == b"up\n"
        jailed.process.kill()
        jailed.process.wait()
    assert alive(marker) == []


# What callers do wrong


@pytest.mark.parametrize("path", ["relative", "/usr/local/x", "/tmp/x", "/a/../etc/x", "/"])
def test_a_place_that_belongs_to_the_jail_is_refused(wall: Wall, path: str) -> None:
    with pytest.raises(ValueError, match=r"inside|jail itself"):
        start(wall, "", readonly={path: Path("/usr")})


def test_a_missing_file_is_named(wall: Wall, tmp_path: Path) -> None:
    with pytest.raises(WallError, match="no-such-table cannot be shown"):
        start(wall, "", readonly={"/tables": tmp_path / "no-such-table"})


def test_a_file_that_the_program_could_not_read_is_named(wall: Wall, tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("a user's own jail reads what the user can")
    private = tmp_path / "private"
    private.write_text("")
    private.chmod(0o600)
    with pytest.raises(WallError, match=r"mode 0600 .* chmod a\+rX"):
        start(wall, "", readonly={"/private": private})


@pytest.mark.parametrize("wrong", [0, -1, 1.5, "many"])
def test_limits_are_whole_numbers_above_zero(wrong: int) -> None:
    with pytest.raises(ValueError, match="memory_mb must be"):
        Limits(memory_mb=wrong)
