"""The system calls that cells never need, as a filter that the kernel applies (seccomp(2)).

Each one is a door to a part of the kernel; a hole behind a closed door is out of reach. Everything
else is allowed: Python and its packages use what they like. The program is classic BPF, as in the
kernel's ``Documentation/userspace-api/seccomp_filter.rst``; numbers are those of the kernel's
``asm/unistd_64.h`` and ``asm-generic/unistd.h``.
"""

from __future__ import annotations

import errno
import platform
import struct
import sys

# Numbers on x86-64 and arm64; None: it has no such call.
REFUSED: dict[str, tuple[int, int | None]] = {
    # memory that no limit counts
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "shmat": (30, 196),
    "shmctl": (31, 195),
    "shmdt": (67, 197),
    "semget": (64, 190),
    "semop": (65, 193),
    "semctl": (66, 191),
    "semtimedop": (220, 192),
    "msgget": (68, 186),
    "msgsnd": (69, 189),
    "msgrcv": (70, 188),
    "msgctl": (71, 187),
    "mq_open": (240, 180),
    "mq_unlink": (241, 181),
    # namespaces and mounts
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "mount_setattr": (442, 442),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    # other processes
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "pidfd_getfd": (438, 438),
    "kcmp": (312, 272),
    "move_pages": (279, 239),
    "migrate_pages": (256, 238),
    # parts of the kernel in which holes were found
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "keyctl": (250, 219),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "personality": (135, 92),
    "vmsplice": (278, 75),
    "modify_ldt": (154, None),
    "fanotify_init": (300, 262),
    "fanotify_mark": (301, 263),
    "open_by_handle_at": (304, 265),
    "name_to_handle_at": (303, 264),
    # the machine
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "reboot": (169, 142),
    "syslog": (103, 116),
    "acct": (163, 89),
    "iopl": (172, None),
    "ioperm": (173, None),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "clock_adjtime": (305, 266),
    "adjtimex": (159, 171),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
    "vhangup": (153, 58),
    "lookup_dcookie": (212, 18),
}
"""What is refused with EPERM, whatever its arguments."""

# AUDIT_ARCH_X86_64 and AUDIT_ARCH_AARCH64 (linux/audit.h), and calls that depend on arguments.
_MACHINES = {
    "x86_64": (0, 0xC000003E, {"clone": 56, "clone3": 435, "mmap": 9, "socket": 41, "ioctl": 16}),
    "aarch64": (
        1,
        0xC00000B7,
        {"clone": 220, "clone3": 435, "mmap": 222, "socket": 198, "ioctl": 29},
    ),
}
_NAMESPACES = 0x7E020000  # every CLONE_NEW* of sched.h but time, which clone does not take
_SHARED_ANONYMOUS = 0x21  # MAP_SHARED | MAP_ANONYMOUS
_FAMILIES = (1, 2, 10)  # AF_UNIX, AF_INET, AF_INET6: there is a loopback, and nothing beyond it
_TERMINAL_INPUT = (0x5412, 0x541C)  # TIOCSTI, TIOCLINUX: typing on the terminal of the user
_X32 = 0x40000000  # the numbers of x86-64's second table begin here

# Opcodes (linux/bpf_common.h), offsets in struct seccomp_data, and answers (linux/seccomp.h).
_LOAD, _AND = 0x20, 0x54
_IF_EQUAL, _IF_AT_LEAST, _IF_ANY_BIT, _ANSWER = 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
_ALLOW, _KILL, _FAIL = 0x7FFF0000, 0x80000000, 0x00050000

_Instruction = tuple[int, int, int, int]


def filter_for(machine: str = platform.machine()) -> bytes:
    """The filter, an array of ``struct sock_filter``; empty where its numbers are not known.

    Args:
        machine: as ``platform.machine()`` names it.
    """
    if machine not in _MACHINES or sys.maxsize < 1 << 32:
        return b""
    column, architecture, numbers = _MACHINES[machine]
    program: list[_Instruction] = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_IF_EQUAL, 1, 0, architecture),
        (_ANSWER, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
    ]
    if machine == "x86_64":
        program += [(_IF_AT_LEAST, 0, 1, _X32), _fail(errno.ENOSYS)]
    for refused in REFUSED.values():
        if (number := refused[column]) is not None:
            program += [(_IF_EQUAL, 0, 1, number), _fail(errno.EPERM)]
    # What clone3 is asked cannot be seen by a filter; the C library takes clone instead.
    program += [(_IF_EQUAL, 0, 1, numbers["clone3"]), _fail(errno.ENOSYS)]
    program += _when(numbers["clone"], 0, [(_IF_ANY_BIT, 0, 1, _NAMESPACES), _fail(errno.EPERM)])
    program += _when(
        numbers["mmap"],
        3,
        [
            (_AND, 0, 0, _SHARED_ANONYMOUS),
            (_IF_EQUAL, 0, 1, _SHARED_ANONYMOUS),
            _fail(errno.EPERM),
        ],
    )
    families = [(_IF_EQUAL, len(_FAMILIES) - place, 0, one) for place, one in enumerate(_FAMILIES)]
    program += _when(numbers["socket"], 0, [*families, _fail(errno.EAFNOSUPPORT)])
    first, second = _TERMINAL_INPUT
    program += _when(
        numbers["ioctl"],
        1,
        [(_IF_EQUAL, 1, 0, first), (_IF_EQUAL, 0, 1, second), _fail(errno.EPERM)],
    )
    program.append((_ANSWER, 0, 0, _ALLOW))
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in program)


def _fail(number: int) -> _Instruction:
    return (_ANSWER, 0, 0, _FAIL | number)


def _when(call: int, argument: int, then: list[_Instruction]) -> list[_Instruction]:
    """For one call: look at an argument (its lower half), and allow it when nothing answers."""
    body = [(_LOAD, 0, 0, _ARGUMENTS + 8 * argument), *then, (_ANSWER, 0, 0, _ALLOW)]
    return [(_IF_EQUAL, 0, len(body), call), *body]
