package decnet.linux;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.function.LongSupplier;

/**
 * The C library, one method for each call, arguments as in section 2 of the manual. A call that fails throws
 * {@link SystemCallException}; one that a signal interrupted is made again. Thread-safe.
 */
@SuppressWarnings("restricted") // this module is the one place that calls C
final class Libc {
    static final int AF_UNIX = 1;
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;
    static final int AF_NETLINK = 16;
    static final int AF_PACKET = 17;
    static final int SOCK_STREAM = 1;
    static final int SOCK_DGRAM = 2;
    static final int SOCK_RAW = 3;
    static final int SOCK_SEQPACKET = 5;
    static final int SOCK_NONBLOCK = 0x800;
    static final int SOCK_CLOEXEC = 0x80000;
    static final int SOL_SOCKET = 1;
    static final int SO_REUSEADDR = 2;
    static final int SO_MARK = 36;
    static final int IPPROTO_RAW = 255;
    static final int NETLINK_NETFILTER = 12;
    static final int EFD_NONBLOCK = 0x800;
    static final int EFD_CLOEXEC = 0x80000;
    static final int EPOLL_CLOEXEC = 0x80000;
    static final int EPOLL_CTL_ADD = 1;
    static final int EPOLL_CTL_DEL = 2;
    static final int EPOLLIN = 1;
    static final int CLONE_NEWNET = 0x40000000;
    static final int O_RDONLY = 0;
    static final int O_CLOEXEC = 0x80000;

    static final int EINTR = 4;
    static final int EAGAIN = 11;
    static final int ENOBUFS = 105;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final AddressLayout POINTER = ValueLayout.ADDRESS;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final ThreadLocal<MemorySegment> CAPTURED =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(STATE));

    private static final MethodHandle OPEN = handle(FunctionDescriptor.of(INT, POINTER, INT), "open", 2);
    private static final MethodHandle CLOSE = handle(FunctionDescriptor.of(INT, INT), "close");
    private static final MethodHandle SETNS = handle(FunctionDescriptor.of(INT, INT, INT), "setns");
    private static final MethodHandle SOCKET = handle(FunctionDescriptor.of(INT, INT, INT, INT), "socket");
    private static final MethodHandle BIND = handle(FunctionDescriptor.of(INT, INT, POINTER, INT), "bind");
    private static final MethodHandle CONNECT = handle(FunctionDescriptor.of(INT, INT, POINTER, INT), "connect");
    private static final MethodHandle LISTEN = handle(FunctionDescriptor.of(INT, INT, INT), "listen");
    private static final MethodHandle ACCEPT =
            handle(FunctionDescriptor.of(INT, INT, POINTER, POINTER, INT), "accept4");
    private static final MethodHandle DUP = handle(FunctionDescriptor.of(INT, INT, INT, INT), "fcntl", 2);
    private static final MethodHandle SETSOCKOPT =
            handle(FunctionDescriptor.of(INT, INT, INT, INT, POINTER, INT), "setsockopt");
    private static final MethodHandle GETSOCKOPT =
            handle(FunctionDescriptor.of(INT, INT, INT, INT, POINTER, POINTER), "getsockopt");
    private static final MethodHandle SENDTO =
            handle(FunctionDescriptor.of(LONG, INT, POINTER, LONG, INT, POINTER, INT), "sendto");
    private static final MethodHandle RECV = handle(FunctionDescriptor.of(LONG, INT, POINTER, LONG, INT), "recv");
    private static final MethodHandle SENDMSG = handle(FunctionDescriptor.of(LONG, INT, POINTER, INT), "sendmsg");
    private static final MethodHandle RECVMSG = handle(FunctionDescriptor.of(LONG, INT, POINTER, INT), "recvmsg");
    private static final MethodHandle POLL = handle(FunctionDescriptor.of(INT, POINTER, LONG, INT), "poll");
    private static final MethodHandle READ = handle(FunctionDescriptor.of(LONG, INT, POINTER, LONG), "read");
    private static final MethodHandle WRITE = handle(FunctionDescriptor.of(LONG, INT, POINTER, LONG), "write");
    private static final MethodHandle EVENTFD = handle(FunctionDescriptor.of(INT, INT, INT), "eventfd");
    private static final MethodHandle EPOLL_CREATE = handle(FunctionDescriptor.of(INT, INT), "epoll_create1");
    private static final MethodHandle EPOLL_CTL =
            handle(FunctionDescriptor.of(INT, INT, INT, INT, POINTER), "epoll_ctl");
    private static final MethodHandle EPOLL_WAIT =
            handle(FunctionDescriptor.of(INT, INT, POINTER, INT, INT), "epoll_wait");
    private static final MethodHandle SYSCALL_BPF =
            handle(FunctionDescriptor.of(LONG, LONG, LONG, POINTER, LONG), "syscall", 1);
    private static final MethodHandle CLOCK_GETTIME = handle(FunctionDescriptor.of(INT, INT, POINTER), "clock_gettime");
    private static final MethodHandle IF_NAMETOINDEX = handle(FunctionDescriptor.of(INT, POINTER), "if_nametoindex");
    private static final MethodHandle STRERROR =
            LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow("strerror"), FunctionDescriptor.of(POINTER, INT));

    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int CLOCK_MONOTONIC = 1;
    private static final long NR_BPF = "aarch64".equals(System.getProperty("os.arch")) ? 280 : 321;

    private Libc() {}

    /** @param variadic number of the first argument that is one of {@code ...} in C */
    private static MethodHandle handle(FunctionDescriptor descriptor, String name, int variadic) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name),
                descriptor,
                Linker.Option.captureCallState("errno"),
                Linker.Option.firstVariadicArg(variadic));
    }

    private static MethodHandle handle(FunctionDescriptor descriptor, String name) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name), descriptor, Linker.Option.captureCallState("errno"));
    }

    static int open(String path, int flags) throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocateFrom(path);
            return (int) check("open " + path, () -> {
                try {
                    return (int) OPEN.invokeExact(state(), text, flags);
                } catch (Throwable e) {
                    throw unexpected(e);
                }
            });
        }
    }

    static void close(int descriptor) throws SystemCallException {
        int result;
        try {
            result = (int) CLOSE.invokeExact(state(), descriptor);
        } catch (Throwable e) {
            throw unexpected(e);
        }
        if (result < 0 && errno() != EINTR) { // Linux has closed it even then
            throw failed("close " + descriptor);
        }
    }

    /** Moves the calling thread. */
    static void setns(int descriptor, int kind) throws SystemCallException {
        check("setns", () -> {
            try {
                return (int) SETNS.invokeExact(state(), descriptor, kind);
            } catch (Throwable e) {
                throw unexpected(e);
            }
        });
    }

    static int socket(int family, int type, int protocol) throws SystemCallException {
        return (int) check("socket", () -> {
            try {
                return (int) SOCKET.invokeExact(state(), family, type, protocol);
            } catch (Throwable e) {
                throw unexpected(e);
            }
        });
    }

    static void bind(int descriptor, MemorySegment address) throws SystemCallException {
        check("bind", () -> {
            try {
                return (int) BIND.invokeExact(state(), descriptor, address, (int) address.byteSize());
            } catch (Throwable e) {
                throw unexpected(e);
            }
        });
    }

    static void connect(int descriptor, MemorySegment address) throws SystemCallException {
        check("connect", () -> {
            try {
                return (int) CONNECT.invokeExact(state(), descriptor, address, (int) address.byteSize());
            } catch (Throwable e) {
                throw unexpected(e);
            }
        });
    }

    static void listen(int descriptor, int backlog) throws SystemCallException {
        check("listen", () -> {
            try {
                return (int) LISTEN.invokeExact(state(), descriptor, backlog);
            } catch (Throwable e) {
                throw unexpected(e);
            }
        });
    }

    /** Without the peer's address. */
    static int accept(int descriptor, int flags) throws SystemCallException {
        return (int) check("accept", () -> {
            try {
                return (int) ACCEPT.invokeExact(state(), descriptor, MemorySegment.NULL, MemorySegment.NULL, flags);
            } catch (Throwable e) {
                throw unexpected(e);
            }
        });
    }

    /** A second number for the same open file; not inherited by child processes. */
    static int duplicate(int descriptor) throws SystemCallException {
        return (int) check("fcntl", () -> {
            try {
                return (int) DUP.invokeExact(state(), descriptor, F_DUPFD_CLOEXEC, 0);
            } catch (Throwable e) {
                throw unexpected(e);
            }
        });
    }

    static void setOption(int descriptor, int level, int option, int value) throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            setOption(descriptor, level, option, arena.allocateFrom(INT, value));
        }
    }

    static void setOption(int descriptor, int level, int option, MemorySegment value) throws SystemCallException {
        check("setsockopt " + level + "/" + option, () -> {
            try {
                return (int) SETSOCKOPT.invokeExact(state(), descriptor, level, option, value, (int) value.byteSize());
            } catch (Throwable e) {
                throw unexpected(e);
            }
        });
    }

    /** Fills {@code value}. */
    static void getOption(int descriptor, int level, int option, MemorySegment value) throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment length = arena.allocateFrom(INT, (int) value.byteSize());
            check("getsockopt " + level + "/" + option, () -> {
                try {
                    return (int) GETSOCKOPT.invokeExact(state(), descriptor, level, option, value, length);
                } catch (Throwable e) {
                    throw unexpected(e);
                }
            });
        }
    }

    /** @param address {@link MemorySegment#NULL} on a connected socket */
    static int send(int descriptor, MemorySegment bytes, int flags, MemorySegment address) throws SystemCallException {
        return (int) check("sendto", () -> {
            try {
                return (long) SENDTO.invokeExact(
                        state(), descriptor, bytes, bytes.byteSize(), flags, address, (int) address.byteSize());
            } catch (Throwable e) {
                throw unexpected(e);
            }
        });
    }

    static int receive(int descriptor, MemorySegment into, int flags) throws SystemCallException {
        return (int) check("recv", () -> {
            try {
                return (long) RECV.invokeExact(state(), descriptor, into, into.byteSize(), flags);
            } catch (Throwable e) {
                throw unexpected(e);
            }
        });
    }

    /**
     * As {@link #receive}, for descriptors that do not block and are read until nothing is there.
     *
     * @return bytes received, or the negative {@code errno}, such as that of {@link #EAGAIN} or {@link #ENOBUFS}
     */
    static int tryReceive(int descriptor, MemorySegment into) {
        while (true) {
            long result;
            try {
                result = (long) RECV.invokeExact(state(), descriptor, into, into.byteSize(), 0);
            } catch (Throwable e) {
                throw unexpected(e);
            }
            if (result >= 0) {
                return (int) result;
            }
            if (errno() != EINTR) {
                return -errno();
            }
        }
    }

    static int read(int descriptor, MemorySegment into) throws SystemCallException {
        return (int) check("read", () -> {
            try {
                return (long) READ.invokeExact(state(), descriptor, into, into.byteSize());
            } catch (Throwable e) {
                throw unexpected(e);
            }
        });
    }

    static int write(int descriptor, MemorySegment bytes) throws SystemCallException {
        return (int) check("write", () -> {
            try {
                return (long) WRITE.invokeExact(state(), descriptor, bytes, bytes.byteSize());
            } catch (Throwable e) {
                throw unexpected(e);
            }
        });
    }

    static int eventDescriptor(int flags) throws SystemCallException {
        return (int) check("eventfd", () -> {
            try {
                return (int) EVENTFD.invokeExact(state(), 0, flags);
            } catch (Throwable e) {
                throw unexpected(e);
            }
        });
    }

    static int epollCreate(int flags) throws SystemCallException {
        return (int) check("epoll_create1", () -> {
            try {
                return (int) EPOLL_CREATE.invokeExact(state(), flags);
            } catch (Throwable e) {
                throw unexpected(e);
            }
        });
    }

    /** @param event a {@code struct epoll_event}, or {@link MemorySegment#NULL} to delete */
    static void epollControl(int epoll, int operation, int descriptor, MemorySegment event) throws SystemCallException {
        check("epoll_ctl " + descriptor, () -> {
            try {
                return (int) EPOLL_CTL.invokeExact(state(), epoll, operation, descriptor, event);
            } catch (Throwable e) {
                throw unexpected(e);
            }
        });
    }

    /**
     * @param events an array of {@code struct epoll_event}
     * @param timeoutMillis -1 for ever
     * @return how many are filled
     */
    static int epollWait(int epoll, MemorySegment events, int count, int timeoutMillis) throws SystemCallException {
        return (int) check("epoll_wait", () -> {
            try {
                return (int) EPOLL_WAIT.invokeExact(state(), epoll, events, count, timeoutMillis);
            } catch (Throwable e) {
                throw unexpected(e);
            }
        });
    }

    /** @param message a {@code struct msghdr} */
    static int sendMessage(int descriptor, MemorySegment message, int flags) throws SystemCallException {
        return (int) check("sendmsg", () -> {
            try {
                return (long) SENDMSG.invokeExact(state(), descriptor, message, flags);
            } catch (Throwable e) {
                throw unexpected(e);
            }
        });
    }

    /** @param message a {@code struct msghdr}, changed */
    static int receiveMessage(int descriptor, MemorySegment message, int flags) throws SystemCallException {
        return (int) check("recvmsg", () -> {
            try {
                return (long) RECVMSG.invokeExact(state(), descriptor, message, flags);
            } catch (Throwable e) {
                throw unexpected(e);
            }
        });
    }

    /**
     * Waits for descriptors.
     *
     * @param entries an array of {@code struct pollfd}
     * @param timeoutMillis -1 for ever
     * @return how many are ready
     */
    static int poll(MemorySegment entries, int count, int timeoutMillis) throws SystemCallException {
        return (int) check("poll", () -> {
            try {
                return (int) POLL.invokeExact(state(), entries, (long) count, timeoutMillis);
            } catch (Throwable e) {
                throw unexpected(e);
            }
        });
    }

    /**
     * {@code bpf(2)}, for which the C library has no function.
     *
     * @param attributes a {@code union bpf_attr}, as far as the command needs it
     */
    static int bpf(int command, MemorySegment attributes) throws SystemCallException {
        return (int) check("bpf " + command, () -> {
            try {
                return (long)
                        SYSCALL_BPF.invokeExact(state(), NR_BPF, (long) command, attributes, attributes.byteSize());
            } catch (Throwable e) {
                throw unexpected(e);
            }
        });
    }

    /** The number of an interface in the calling thread's namespace. */
    static int interfaceIndex(String name) throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocateFrom(name);
            return (int) check("if_nametoindex " + name, () -> {
                try {
                    int index = (int) IF_NAMETOINDEX.invokeExact(state(), text);
                    return index == 0 ? -1 : index;
                } catch (Throwable e) {
                    throw unexpected(e);
                }
            });
        }
    }

    /** The clock that the kernel makes timestamps of TCP from. */
    static long monotonicMillis() throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment time = arena.allocate(LONG, 2);
            check("clock_gettime", () -> {
                try {
                    return (int) CLOCK_GETTIME.invokeExact(state(), CLOCK_MONOTONIC, time);
                } catch (Throwable e) {
                    throw unexpected(e);
                }
            });
            return time.getAtIndex(LONG, 0) * 1000 + time.getAtIndex(LONG, 1) / 1_000_000;
        }
    }

    /** Numbers of the network come in its order. */
    static short networkOrder(int port) {
        return ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? (short) port : Short.reverseBytes((short) port);
    }

    private static long check(String what, LongSupplier call) throws SystemCallException {
        while (true) {
            long result = call.getAsLong();
            if (result >= 0) {
                return result;
            }
            if (errno() != EINTR) {
                throw failed(what);
            }
        }
    }

    private static MemorySegment state() {
        return CAPTURED.get();
    }

    private static int errno() {
        return (int) ERRNO.get(CAPTURED.get(), 0L);
    }

    private static SystemCallException failed(String what) {
        int errno = errno();
        String text;
        try {
            MemorySegment found = (MemorySegment) STRERROR.invokeExact(errno);
            text = found.reinterpret(256).getString(0);
        } catch (Throwable e) {
            throw unexpected(e);
        }
        return new SystemCallException(what, errno, text);
    }

    /** A downcall throws nothing of its own; what is thrown is an error of the machine. */
    private static IllegalStateException unexpected(Throwable e) {
        return new IllegalStateException("the call of a C function failed", e);
    }
}
