package decnet.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes system calls away from this process for good ({@code seccomp(2)}): what a server of strangers never needs and who takes it over
 * would want. It starts no programs, makes no namespaces, looks into no other process. x86-64 only.
 */
public final class SystemCallFilter {
    private static final String ARCHITECTURE = "amd64";
    private static final int AUDIT_ARCH_X86_64 = 0xc000003e;
    private static final int X32_BIT = 0x40000000;

    private static final int LOAD_WORD = 0x20;
    private static final int JUMP_IF_EQUAL = 0x15;
    private static final int JUMP_IF_ABOVE = 0x35;
    private static final int JUMP_IF_ANY_BIT = 0x45;
    private static final int RETURN = 0x06;

    private static final int NUMBER = 0;
    private static final int ARCH = 4;
    private static final int FIRST_ARGUMENT = 16;

    private static final int ALLOW = 0x7fff0000;
    private static final int FAIL = 0x00050000;
    private static final int EPERM = 1;
    private static final int ENOSYS = 38;

    private static final int CLONE = 56;
    private static final int CLONE3 = 435;
    /** Flags of {@code clone} that make a namespace. */
    private static final int NEW_NAMESPACES = 0x7e020000;

    /** {@code asm/unistd_64.h}. */
    private static final List<Integer> DENIED = List.of(
            59, // execve
            322, // execveat
            101, // ptrace
            310, // process_vm_readv
            311, // process_vm_writev
            272, // unshare
            308, // setns
            165, // mount
            166, // umount2
            428, // open_tree
            429, // move_mount
            430, // fsopen
            155, // pivot_root
            161, // chroot
            304, // open_by_handle_at
            321, // bpf
            298, // perf_event_open
            323, // userfaultfd
            425, // io_uring_setup
            248, // add_key
            249, // request_key
            250, // keyctl
            175, // init_module
            313, // finit_module
            176, // delete_module
            246, // kexec_load
            320, // kexec_file_load
            169, // reboot
            167, // swapon
            163, // acct
            164, // settimeofday
            227, // clock_settime
            438, // pidfd_getfd
            434 // pidfd_open
            );

    private SystemCallFilter() {}

    /** Whether this machine is one that it is made for. */
    public static boolean possible() {
        return System.getProperty("os.arch").equals(ARCHITECTURE);
    }

    /**
     * For all threads of this process, and for ever. Native libraries must have been loaded before if loading them takes any of these.
     *
     * @throws SystemCallException if the kernel refuses, or a thread has a filter of its own
     * @throws IllegalStateException if it is not {@link #possible}
     */
    public static void install() throws SystemCallException {
        if (!possible()) {
            throw new IllegalStateException("system calls are numbered for " + ARCHITECTURE + " only");
        }
        try (Arena arena = Arena.ofConfined()) {
            ByteBuffer program = program();
            MemorySegment code = arena.allocate(program.remaining(), 8);
            code.copyFrom(MemorySegment.ofBuffer(program));
            MemorySegment header = arena.allocate(16, 8); // struct sock_fprog
            header.set(ValueLayout.JAVA_SHORT, 0, (short) (code.byteSize() / 8));
            header.set(ValueLayout.ADDRESS, 8, code);
            Libc.noNewPrivileges();
            Libc.seccompFilter(header);
        }
    }

    /** An instruction of classic BPF: where to go on if the comparison holds, and if not. */
    private record Instruction(int code, int then, int otherwise, int value) {}

    private static ByteBuffer program() {
        List<Instruction> all = new ArrayList<>();
        all.add(new Instruction(LOAD_WORD, 0, 0, ARCH));
        all.add(new Instruction(JUMP_IF_EQUAL, 1, 0, AUDIT_ARCH_X86_64));
        all.add(new Instruction(RETURN, 0, 0, FAIL | ENOSYS)); // 32 bits
        all.add(new Instruction(LOAD_WORD, 0, 0, NUMBER));
        all.add(new Instruction(JUMP_IF_ABOVE, 0, 1, X32_BIT));
        all.add(new Instruction(RETURN, 0, 0, FAIL | ENOSYS));
        // glibc falls back to the older call, whose flags can be looked at
        all.add(new Instruction(JUMP_IF_EQUAL, 0, 1, CLONE3));
        all.add(new Instruction(RETURN, 0, 0, FAIL | ENOSYS));
        for (int denied : DENIED) {
            all.add(new Instruction(JUMP_IF_EQUAL, 0, 1, denied));
            all.add(new Instruction(RETURN, 0, 0, FAIL | EPERM));
        }
        all.add(new Instruction(JUMP_IF_EQUAL, 0, 3, CLONE));
        all.add(new Instruction(LOAD_WORD, 0, 0, FIRST_ARGUMENT));
        all.add(new Instruction(JUMP_IF_ANY_BIT, 0, 1, NEW_NAMESPACES));
        all.add(new Instruction(RETURN, 0, 0, FAIL | EPERM));
        all.add(new Instruction(RETURN, 0, 0, ALLOW));
        ByteBuffer bytes = ByteBuffer.allocate(all.size() * 8).order(ByteOrder.nativeOrder());
        for (Instruction one : all) {
            bytes.putShort((short) one.code()).put((byte) one.then()).put((byte) one.otherwise());
            bytes.putInt(one.value());
        }
        return bytes.flip();
    }
}
