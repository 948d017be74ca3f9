package decnet.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Timestamps of TCP (RFC 7323) that count from a start other than the host's: two small programs of BPF on each interface of a namespace
 * add a constant to the time in what leaves and take it from the echo in what comes in. The kernel's random offsets are off meanwhile.
 *
 * <p>Lasts until {@link #close()} or the end of this process; packets of connections that live longer than that are refused by their peers
 * until somebody opens it anew with the same start. Thread-safe.
 */
public final class TcpClock implements AutoCloseable {
    private static final Path TIMESTAMPS = Path.of("/proc/sys/net/ipv4/tcp_timestamps");
    private static final Path INTERFACES = Path.of("/proc/thread-self/net/dev");
    private static final String LOOPBACK = "lo";
    private static final String RANDOM_OFFSETS = "1";
    private static final String NO_OFFSETS = "2";

    private static final int PROG_LOAD = 5;
    private static final int LINK_CREATE = 28;
    private static final int TYPE_SCHED_CLS = 3;
    private static final int TCX_INGRESS = 46;
    private static final int TCX_EGRESS = 47;
    private static final int LOAD_ATTRIBUTES = 72;
    private static final int LINK_ATTRIBUTES = 32;

    private final Namespace namespace;
    private final List<Integer> links;
    private boolean closed;

    private TcpClock(Namespace namespace, List<Integer> links) {
        this.namespace = namespace;
        this.links = links;
    }

    /**
     * Begins on all interfaces there are, loopback apart.
     *
     * @param running for how long the machine is to have been running
     * @throws SystemCallException if the kernel cannot do it (Linux 6.6 can), or {@code CAP_BPF} or {@code CAP_NET_ADMIN} is missing
     */
    public static TcpClock open(Namespace namespace, Duration running) throws Exception {
        int offset = (int) (running.toMillis() - Libc.monotonicMillis());
        return namespace.call(() -> {
            List<Integer> links = new ArrayList<>();
            TcpClock clock = new TcpClock(namespace.share(), links);
            try {
                for (String name : interfaces()) {
                    int index = Libc.interfaceIndex(name);
                    links.add(attach(index, TCX_EGRESS, Program.outgoing(offset)));
                    links.add(attach(index, TCX_INGRESS, Program.incoming(offset)));
                }
                Files.writeString(TIMESTAMPS, NO_OFFSETS);
                return clock;
            } catch (Exception e) {
                try {
                    clock.detach();
                    clock.namespace.close();
                } catch (SystemCallException also) {
                    e.addSuppressed(also);
                }
                throw e;
            }
        });
    }

    /** Those of the calling thread's namespace, which Java's own list is not. */
    private static List<String> interfaces() throws IOException {
        return Files.readAllLines(INTERFACES).stream()
                .filter(line -> line.contains(":"))
                .map(line -> line.substring(0, line.indexOf(':')).strip())
                .filter(name -> !name.equals(LOOPBACK))
                .toList();
    }

    private static int attach(int interfaceIndex, int where, ByteBuffer instructions) throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment code = arena.allocate(instructions.remaining(), 8);
            code.copyFrom(MemorySegment.ofBuffer(instructions));
            MemorySegment load = arena.allocate(LOAD_ATTRIBUTES, 8);
            load.set(ValueLayout.JAVA_INT, 0, TYPE_SCHED_CLS);
            load.set(ValueLayout.JAVA_INT, 4, instructions.remaining() / Program.INSTRUCTION);
            load.set(ValueLayout.ADDRESS, 8, code);
            load.set(ValueLayout.ADDRESS, 16, arena.allocateFrom("none")); // none is needed for what it calls
            int program = Libc.bpf(PROG_LOAD, load);
            try {
                MemorySegment link = arena.allocate(LINK_ATTRIBUTES, 8);
                link.set(ValueLayout.JAVA_INT, 0, program);
                link.set(ValueLayout.JAVA_INT, 4, interfaceIndex);
                link.set(ValueLayout.JAVA_INT, 8, where);
                return Libc.bpf(LINK_CREATE, link);
            } finally {
                Libc.close(program); // the link holds it
            }
        }
    }

    private void detach() throws SystemCallException {
        for (int link : links) {
            Libc.close(link);
        }
    }

    /** Gives the kernel's timestamps back. */
    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        detach();
        try {
            namespace.call(() -> Files.writeString(TIMESTAMPS, RANDOM_OFFSETS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("timestamps of " + namespace, e);
        } finally {
            namespace.close();
        }
    }

    /**
     * The programs. Both look for the timestamp option where stacks put it: as {@code NNT} first of all, or as {@code NNT} or {@code ST}
     * behind one, two or three words of other options. A packet that is shorter than what is read ends the program.
     * <pre>
     * r6 packet, r7 where TCP begins, r8 where the word looked at is, r9 words of the TCP header, later the time before
     * </pre>
     */
    private static final class Program {
        static final int INSTRUCTION = 8;

        private static final int ABSOLUTE = 0x20;
        private static final int INDEXED = 0x40;
        private static final int LOAD_WORD = 0x00;
        private static final int LOAD_HALF = 0x08;
        private static final int LOAD_BYTE = 0x10;
        private static final int MOVE_CONSTANT = 0xb7;
        private static final int MOVE = 0xbf;
        private static final int ADD_CONSTANT = 0x07;
        private static final int ADD_CONSTANT_32 = 0x04;
        private static final int AND_CONSTANT = 0x57;
        private static final int SHIFT_RIGHT = 0x77;
        private static final int TO_BIG_ENDIAN = 0xdc;
        private static final int STORE_WORD = 0x63;
        private static final int JUMP = 0x05;
        private static final int JUMP_EQUAL = 0x15;
        private static final int JUMP_NOT_EQUAL = 0x55;
        private static final int JUMP_LESS = 0xa5;
        private static final int CALL = 0x85;
        private static final int EXIT = 0x95;
        private static final int STORE_BYTES = 9;
        private static final int REPLACE_CHECKSUM = 11;

        private static final int NOPS_AND_TIME = 0x0101080a;
        private static final int SACK_AND_TIME = 0x0402080a;
        private static final int STACK_WORD = -4;

        private final ByteBuffer code = ByteBuffer.allocate(100 * INSTRUCTION).order(ByteOrder.nativeOrder());
        private final List<Integer> toEnd = new ArrayList<>();
        private final List<Integer> toFound = new ArrayList<>();

        private Program() {}

        static ByteBuffer outgoing(int offset) {
            return new Program().make(4, offset);
        }

        static ByteBuffer incoming(int offset) {
            return new Program().make(8, -offset);
        }

        /** @param field of the option: 4 is the time, 8 the echo, each from its word on */
        private ByteBuffer make(int field, int change) {
            emit(MOVE, 6, 1, 0, 0);
            emit(LOAD_HALF | ABSOLUTE, 0, 0, 0, 12);
            int version4 = emit(JUMP_EQUAL, 0, 0, 0, 0x0800);
            orEnd(JUMP_NOT_EQUAL, 0, 0x86dd);
            emit(LOAD_BYTE | ABSOLUTE, 0, 0, 0, 20);
            orEnd(JUMP_NOT_EQUAL, 0, 6);
            emit(MOVE_CONSTANT, 7, 0, 0, 54);
            int version6 = emit(JUMP, 0, 0, 0, 0);
            here(version4);
            emit(LOAD_BYTE | ABSOLUTE, 0, 0, 0, 14);
            orEnd(JUMP_NOT_EQUAL, 0, 0x45);
            emit(LOAD_BYTE | ABSOLUTE, 0, 0, 0, 23);
            orEnd(JUMP_NOT_EQUAL, 0, 6);
            emit(LOAD_HALF | ABSOLUTE, 0, 0, 0, 20);
            emit(AND_CONSTANT, 0, 0, 0, 0x3fff);
            orEnd(JUMP_NOT_EQUAL, 0, 0);
            emit(MOVE_CONSTANT, 7, 0, 0, 34);
            here(version6);
            emit(LOAD_BYTE | INDEXED, 0, 7, 0, 12);
            emit(SHIFT_RIGHT, 0, 0, 0, 4);
            emit(MOVE, 9, 0, 0, 0);
            emit(MOVE, 8, 7, 0, 0);
            emit(ADD_CONSTANT, 8, 0, 0, 20);
            for (int words = 8; words <= 11; words++) {
                orEnd(JUMP_LESS, 9, words);
                emit(LOAD_WORD | INDEXED, 0, 8, 0, 0);
                toFound.add(emit(JUMP_EQUAL, 0, 0, 0, NOPS_AND_TIME));
                toFound.add(emit(JUMP_EQUAL, 0, 0, 0, SACK_AND_TIME));
                emit(ADD_CONSTANT, 8, 0, 0, 4);
            }
            toEnd.add(emit(JUMP, 0, 0, 0, 0));
            toFound.forEach(this::here);
            emit(ADD_CONSTANT, 8, 0, 0, field);
            emit(LOAD_WORD | INDEXED, 0, 8, 0, 0);
            orEnd(JUMP_EQUAL, 0, 0); // nothing to echo
            emit(MOVE, 9, 0, 0, 0);
            emit(MOVE, 4, 0, 0, 0);
            emit(ADD_CONSTANT_32, 4, 0, 0, change);
            emit(TO_BIG_ENDIAN, 4, 0, 0, 32);
            emit(STORE_WORD, 10, 4, STACK_WORD, 0);
            emit(MOVE, 3, 9, 0, 0);
            emit(TO_BIG_ENDIAN, 3, 0, 0, 32);
            emit(MOVE, 1, 6, 0, 0);
            emit(MOVE, 2, 7, 0, 0);
            emit(ADD_CONSTANT, 2, 0, 0, 16);
            emit(MOVE_CONSTANT, 5, 0, 0, 4);
            emit(CALL, 0, 0, 0, REPLACE_CHECKSUM);
            emit(MOVE, 1, 6, 0, 0);
            emit(MOVE, 2, 8, 0, 0);
            emit(MOVE, 3, 10, 0, 0);
            emit(ADD_CONSTANT, 3, 0, 0, STACK_WORD);
            emit(MOVE_CONSTANT, 4, 0, 0, 4);
            emit(MOVE_CONSTANT, 5, 0, 0, 0);
            emit(CALL, 0, 0, 0, STORE_BYTES);
            toEnd.forEach(this::here);
            emit(MOVE_CONSTANT, 0, 0, 0, 0);
            emit(EXIT, 0, 0, 0, 0);
            return code.flip();
        }

        /** @return its index */
        private int emit(int operation, int destination, int source, int jump, int constant) {
            int index = code.position() / INSTRUCTION;
            int registers = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
                    ? source << 4 | destination
                    : destination << 4 | source;
            code.put((byte) operation)
                    .put((byte) registers)
                    .putShort((short) jump)
                    .putInt(constant);
            return index;
        }

        private void orEnd(int jump, int register, int constant) {
            toEnd.add(emit(jump, register, 0, 0, constant));
        }

        /** Lets the jump at {@code index} come to the next instruction. */
        private void here(int index) {
            int next = code.position() / INSTRUCTION;
            code.putShort(index * INSTRUCTION + 2, (short) (next - index - 1));
        }
    }
}
