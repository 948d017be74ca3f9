package decnet.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Waits for some thousand descriptors at once ({@code epoll}, level-triggered): whoever was told of one and did not read it to
 * its end is told again. One thread waits; adding, removing and waking up may come from any. Does not own the descriptors.
 */
public final class Poller implements AutoCloseable {
    private static final int BATCH = 256;
    private static final boolean PACKED =
            "amd64".equals(System.getProperty("os.arch")); // the kernel packs it there only
    private static final int EVENT_SIZE = PACKED ? 12 : 16;
    private static final int DATA = PACKED ? 4 : 8;

    private final Arena arena;
    private final int epoll;
    private final int alarm;
    private final MemorySegment events;
    private final MemorySegment alarmCount;
    private final AtomicBoolean woken = new AtomicBoolean();
    private final int[] ready = new int[BATCH];
    private int readyCount;
    private boolean closed;

    private Poller(Arena arena, int epoll, int alarm) {
        this.arena = arena;
        this.epoll = epoll;
        this.alarm = alarm;
        events = arena.allocate((long) EVENT_SIZE * BATCH, 8);
        alarmCount = arena.allocate(ValueLayout.JAVA_LONG);
    }

    /** Waits for nothing yet but {@link #wakeUp()}. */
    public static Poller open() throws SystemCallException {
        int epoll = Libc.epollCreate(Libc.EPOLL_CLOEXEC);
        try {
            int alarm = Libc.eventDescriptor(Libc.EFD_NONBLOCK | Libc.EFD_CLOEXEC);
            Poller poller = new Poller(Arena.ofShared(), epoll, alarm);
            poller.add(alarm);
            return poller;
        } catch (SystemCallException e) {
            Libc.close(epoll);
            throw e;
        }
    }

    /** From now on {@link #await} returns when {@code descriptor} can be read, or has failed. */
    public void add(int descriptor) throws SystemCallException {
        try (Arena local = Arena.ofConfined()) {
            MemorySegment event = local.allocate(EVENT_SIZE, 8);
            event.set(ValueLayout.JAVA_INT, 0, Libc.EPOLLIN);
            event.set(ValueLayout.JAVA_INT, DATA, descriptor);
            Libc.epollControl(epoll, Libc.EPOLL_CTL_ADD, descriptor, event);
        }
    }

    /** Must come before {@code descriptor} is closed. */
    public void remove(int descriptor) throws SystemCallException {
        Libc.epollControl(epoll, Libc.EPOLL_CTL_DEL, descriptor, MemorySegment.NULL);
    }

    /**
     * Waits for the first of: a readable descriptor, {@link #wakeUp()}, the time-out.
     *
     * @param timeoutMillis -1 for ever
     * @return how many descriptors are ready; {@link #ready} tells them. At most 256, others are told next time
     */
    public int await(int timeoutMillis) throws SystemCallException {
        int count = Libc.epollWait(epoll, events, BATCH, timeoutMillis);
        readyCount = 0;
        for (int i = 0; i < count; i++) {
            int descriptor = events.get(ValueLayout.JAVA_INT_UNALIGNED, (long) i * EVENT_SIZE + DATA);
            if (descriptor == alarm) {
                woken.set(false); // before the read: a call that comes in between rings once more
                Libc.read(alarm, alarmCount);
            } else {
                ready[readyCount++] = descriptor;
            }
        }
        return readyCount;
    }

    /** @param index from 0 to what {@link #await} returned, exclusive */
    public int ready(int index) {
        if (index >= readyCount) {
            throw new IndexOutOfBoundsException("descriptor " + index + " of " + readyCount);
        }
        return ready[index];
    }

    /** The waiting thread returns from {@link #await}, or does so the next time it calls. */
    public void wakeUp() {
        if (woken.compareAndSet(false, true)) {
            try (Arena local = Arena.ofConfined()) {
                Libc.write(alarm, local.allocateFrom(ValueLayout.JAVA_LONG, 1L));
            } catch (SystemCallException e) {
                throw new IllegalStateException("the poller is closed", e);
            }
        }
    }

    /** Only when nobody waits any more. */
    @Override
    public void close() throws SystemCallException {
        if (!closed) {
            closed = true;
            arena.close();
            try {
                Libc.close(alarm);
            } finally {
                Libc.close(epoll);
            }
        }
    }
}
