"""Lists of jobs: made by cluster/parts and cluster/sweep, and run by xargs, GNU parallel and Slurm."""
from __future__ import annotations

import csv
import os
import re
import shutil
import socket
import subprocess
import time
from pathlib import Path

import pytest
from proofmark_testing.context import CORPUS, ROOT, Context
from proofmark_testing.processes import PATIENCE, wait_until
from proofmark_testing.verifier import Verifier

CLUSTER = ROOT / "cluster"
CERTIFICATE = ROOT / "certificates" / "max2-v256-mixed" / "proof.cert.json"


@pytest.fixture
def environment(verifier: Verifier, generator: Verifier) -> dict[str, str]:
    return os.environ | {"PROOFMARK": generator.path, "PROOFMARK_VERIFY": verifier.path}


def script(environment: dict[str, str], name: str, *arguments: object, timeout: float = 600) -> subprocess.CompletedProcess[str]:
    return subprocess.run([CLUSTER / name, *map(str, arguments)], env=environment, capture_output=True, text=True, timeout=timeout)


def shown(done: subprocess.CompletedProcess[str]) -> str:
    return f"exit {done.returncode}; output {done.stdout[-400:]!r}; errors {done.stderr[-400:]!r}"


def list_of_parts(environment: dict[str, str], folder: Path, count: int, *options: object, certificate: Path = CERTIFICATE) -> Path:
    done = script(environment, "parts", certificate, count, folder, *options)
    assert done.returncode == 0, shown(done)
    return Path(done.stdout.strip())


def joined(context: Context, jobs: Path, name: str) -> None:
    """The parts are there, and the script that joins them says what one run says."""
    outcome = subprocess.run([jobs.parent / "join"], capture_output=True, text=True)
    lines = [line for line in outcome.stdout.splitlines() if not line.startswith("c joined from")]
    context.check.equal(lines, ["s JOINED", *context.verifier.run(CERTIFICATE).lines[1:]], f"cluster: {name}: the parts together say what one run says")


def test_xargs(context: Context, environment: dict[str, str]) -> None:
    key = context.temporary / "a key"
    key.write_text("secret")
    jobs = list_of_parts(environment, context.temporary / "with a space", 3, "--threads", 1, "--key", key)
    done = script(environment, "run", jobs, 2)
    context.check(done.returncode == 0 and done.stdout == "3 jobs done\n", "cluster: run", shown(done))
    joined(context, jobs, "run")
    parts = {path: path.stat().st_mtime_ns for path in jobs.parent.glob("part-*.json")}
    (jobs.parent / "part-2-of-3.json").unlink()
    done = script(environment, "run", jobs)
    logs = [(jobs.parent / "jobs.log" / f"{line}.txt").read_text() for line in (1, 2, 3)]
    context.check(done.returncode == 0 and len(parts) == 3 and logs == ["s PARTIAL\n"] * 3, "cluster: run again", shown(done), logs)
    joined(context, jobs, "run again")


def test_failing(context: Context, environment: dict[str, str]) -> None:
    jobs = list_of_parts(environment, context.temporary / "failing", 2, certificate=CORPUS / "reject" / "claim-none" / "no-claims.json")
    done = script(environment, "run", jobs, 1)
    log = (jobs.parent / "jobs.log" / "2.txt").read_text()
    context.check(done.returncode == 1 and f"job 2 failed with exit code 1: see {jobs}.log/2.txt" in done.stderr and log == "s REJECTED\n",
                        "cluster: a job that fails is named, and the others are run", shown(done), log)


def test_usage(context: Context, environment: dict[str, str]) -> None:
    missing = context.temporary / "missing"
    for name, arguments, code in (("parts", (), 64), ("parts", (CERTIFICATE, "x", missing), 64), ("parts", (missing, 2, missing), 66), ("run", (), 64),
                                  ("run", (missing,), 66), ("run", (CERTIFICATE, "0"), 64), ("slurm", (), 64), ("slurm", (missing,), 66), ("job", (), 64),
                                  ("sweep", (missing, "64"), 64), ("sweep", (missing, "64", "1;ls"), 64), ("gather", (), 64), ("gather", (missing,), 66),
                                  ("one-of-sweep", (), 64)):
        done = script(environment, name, *arguments)
        context.check(done.returncode == code and done.stdout == "" and re.match("usage: |error: ", done.stderr) is not None,
                            f"cluster: {name} {' '.join(map(str, arguments))}", shown(done))
    context.check(not missing.exists(), "cluster: wrong use leaves nothing behind")


def test_sweep(context: Context, environment: dict[str, str]) -> None:
    folder = context.temporary / "sweep"
    training = environment | {"PROOFMARK_TRAIN": "--width 8 --steps 30 --batch 64"}
    done = script(training, "sweep", folder, "12 16", "1 2", "--points", "symmetry,convexity")
    context.check(done.returncode == 0 and len((folder / "jobs").read_text().splitlines()) == 4, "cluster: sweep", shown(done))
    for name in ("run", "run again"):
        done = script(training, "run", folder / "jobs", 2)
        context.check(done.returncode == 0, f"cluster: sweep: {name}", shown(done))
    done = script(training, "gather", folder)
    rows = list(csv.DictReader(done.stdout.splitlines()))
    found = {(row["vocabulary"], row["seed"], row["name"], row["verdict"]) for row in rows}
    expected = {(vocabulary, seed, name, "VERIFIED") for vocabulary in ("12", "16") for seed in ("1", "2") for name in ("symmetry", "convexity")}
    context.check.equal((found, len(rows)), (expected, 8), "cluster: gather has a row for each model and point", shown(done))


def test_parallel(context: Context, environment: dict[str, str]) -> None:
    if not shutil.which("parallel"):
        context.check.skip("cluster: GNU parallel is not installed (Debian: parallel)")
        return
    jobs = list_of_parts(environment, context.temporary / "parallel", 3, "--threads", 1)
    with jobs.open() as lines:
        done = subprocess.run(["parallel", "--jobs", "2"], stdin=lines, env=environment, capture_output=True, text=True)
    context.check(done.returncode == 0 and done.stdout == "s PARTIAL\n" * 3, "cluster: GNU parallel", shown(done))
    joined(context, jobs, "GNU parallel")


SLURM = """ClusterName=proofmark
SlurmctldHost={host}(127.0.0.1)
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SwitchType=switch/none
MpiDefault=none
ReturnToService=2
SchedulerParameters=batch_sched_delay=0,sched_interval=1
NodeName={host} NodeAddr=127.0.0.1 CPUs={cores} State=UNKNOWN
PartitionName=all Nodes={host} Default=YES MaxTime=INFINITE State=UP
"""


class Slurm:
    """A cluster of this machine alone, for as long as the test lasts."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.daemons = folder, []
        folder.mkdir()
        for name in ("state", "spool"):
            (folder / name).mkdir()
        key = folder / "munge.key"
        key.write_bytes(os.urandom(128))
        key.chmod(0o400)
        user = subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()
        (folder / "slurm.conf").write_text(SLURM.format(host=socket.gethostname().split(".")[0], user=user, folder=folder, ports=free_ports(2),
                                                        cores=os.cpu_count()))
        self.environment = {"SLURM_CONF": str(folder / "slurm.conf")}

    def __enter__(self) -> Slurm:
        at = self.folder
        self.start("munged", "--foreground", "--force", f"--key-file={at}/munge.key", f"--socket={at}/munge.socket", f"--pid-file={at}/munged.pid",
                   f"--log-file={at}/munged.log", f"--seed-file={at}/munge.seed")
        self.start("slurmctld", "-D", "-i")
        self.start("slurmd", "-D")
        return self

    def start(self, *command: str) -> None:
        self.daemons.append(subprocess.Popen(command, env=os.environ | self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                             stderr=subprocess.DEVNULL))
        time.sleep(0.3)

    def is_up(self) -> bool:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and all(daemon.poll() is None for daemon in self.daemons):
            answer = subprocess.run(["sinfo", "--noheader", "--format=%T"], env=os.environ | self.environment, capture_output=True, text=True)
            if answer.stdout.strip() == "idle":
                return True
            time.sleep(0.3)
        return False

    def __exit__(self, *_: object) -> None:
        for daemon in reversed(self.daemons):
            daemon.terminate()
            try:
                daemon.wait(10)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()


def free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


@pytest.mark.long
def test_slurm(context: Context, environment: dict[str, str]) -> None:
    missing = [name for name in ("munged", "slurmctld", "slurmd", "sbatch") if not shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin:/sbin")]
    if missing:
        context.check.skip(f"cluster: Slurm is not installed, {', '.join(missing)} (Debian: munge slurmctld slurmd slurm-client)")
        return
    jobs = list_of_parts(environment, context.temporary / "slurm-jobs", 3, "--threads", 1)
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    with Slurm(context.temporary / "slurm") as cluster:
        if not cluster.is_up():
            context.check.skip("cluster: Slurm cannot start on this machine")
            return
        done = script(environment | cluster.environment, "slurm", jobs, "--time=1")
        context.check(done.returncode == 0 and done.stdout == "3 jobs done\n", "cluster: Slurm", shown(done))
        joined(context, jobs, "Slurm")
        broken = list_of_parts(environment, context.temporary / "slurm-broken", 2, certificate=CORPUS / "reject" / "claim-none" / "no-claims.json")
        done = script(environment | cluster.environment, "slurm", broken)
        context.check(done.returncode == 1 and "some job failed" in done.stderr, "cluster: Slurm tells of a job that fails", shown(done))
        interrupted(context, environment | cluster.environment)


def interrupted(context: Context, environment: dict[str, str]) -> None:
    """A task that Slurm ends keeps the steps that it has finished; submitted again, it goes on."""
    model, certificate = context.temporary / "long.safetensors", context.temporary / "long.cert.json"
    context.generator.run("train", "--vocabulary", 512, "--width", 16, "--steps", 10, "--output", model)
    context.generator.run("prove", model, "--strategy", "symmetry", "--steps", 256, "--output", certificate)
    jobs = list_of_parts(environment, context.temporary / "slurm-long", 1, "--threads", 1, "--engine", "reference", certificate=certificate)
    part = jobs.parent / "part-1-of-1.json"
    with subprocess.Popen([CLUSTER / "slurm", jobs], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as submitted:
        wait_until(lambda: part.exists() or submitted.poll() is not None)
        subprocess.run(["scancel", "--signal=TERM", "--batch", "--name=proofmark"], env=environment, check=True)
        submitted.wait(PATIENCE)
    steps = part.read_text().count('"established"')
    log = (jobs.parent / "jobs.log" / "1.txt").read_text()
    context.check(submitted.returncode == 1 and 0 < steps < 256 and "goes on from here" in log, "cluster: Slurm ends a task", steps, log)
    done = script(environment, "slurm", jobs)
    context.check(done.returncode == 0 and part.read_text().count('"established"') == 256, "cluster: Slurm goes on with a task", shown(done))
