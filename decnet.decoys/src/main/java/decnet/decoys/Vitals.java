package decnet.decoys;

import decnet.topology.Persona;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * How a machine does at a moment: load, memory, processor time, traffic. Nothing is stored: each figure follows from the persona and
 * the moment, moves without jumps, and what counts up only counts up. Immutable.
 */
public final class Vitals {
    /** What the kernel says of memory, in KiB. */
    public record Memory(
            long total,
            long free,
            long available,
            long buffers,
            long cached,
            long shared,
            long reclaimable,
            long swapTotal,
            long swapFree) {}

    private static final int LOAD = 1;
    private static final int FREE = 2;
    private static final int CACHE = 3;
    private static final int BUSY_DAY = 4;
    private static final int PROCESSES = 5;
    private static final long TICKS_PER_SECOND = 100;
    private static final int MINUTE = 60;
    private static final int QUARTER = 900;
    private static final long PAGE_KIB = 4;

    private final Persona persona;
    private final boolean embedded;
    private final double base;
    private final int secondsPerProcess;
    private final long bytesPerSecond;

    public Vitals(Persona persona) {
        this.persona = persona;
        this.embedded = persona.os().shell().equals("ash");
        SplittableRandom random = new SplittableRandom(persona.seed() ^ 0x766974616c73L);
        this.base = (embedded ? 0.3 : 0.01) + random.nextDouble() * 0.15;
        this.secondsPerProcess = random.nextInt(25, 110);
        this.bytesPerSecond = random.nextLong(300, 5000);
    }

    public Duration uptime(Instant now) {
        Duration up = Duration.between(persona.bootedAt(), now);
        return up.isNegative() ? Duration.ZERO : up;
    }

    /** Average number of runnable processes over 1, 5 and 15 minutes. */
    public double[] load(Instant now) {
        long minute = now.getEpochSecond() / MINUTE;
        double part = Math.floorMod(now.getEpochSecond(), MINUTE) / (double) MINUTE;
        double[] averages = new double[3];
        int[] spans = {1, 5, 15};
        for (int i = 0; i < spans.length; i++) {
            double sum = part * busy(minute) + (1 - part) * busy(minute - spans[i]);
            for (int back = 1; back < spans[i]; back++) {
                sum += busy(minute - back);
            }
            averages[i] = sum / spans[i];
        }
        return averages;
    }

    /** The three averages as {@code uptime} shows them. */
    public String loadText(Instant now) {
        double[] load = load(now);
        return String.format(Locale.ROOT, "%.2f, %.2f, %.2f", load[0], load[1], load[2]);
    }

    private double busy(long minute) {
        double day = noise(BUSY_DAY, minute / (24 * MINUTE)) * base;
        double spike = noise(LOAD, minute);
        return base / 2 + day + (spike > 0.93 ? spike * 0.8 : spike * 0.08);
    }

    public Memory memory(Instant now) {
        long total = persona.hardware().memoryKib();
        double filled = 1 - Math.exp(-uptime(now).toHours() / 30.0); // the page cache fills in the first days
        double free = 0.72 - 0.62 * filled + 0.05 * smooth(FREE, now);
        double cached = 0.06 + 0.46 * filled + 0.03 * smooth(CACHE, now);
        long freeKib = pages(total * free);
        long cachedKib = pages(total * cached);
        long buffers = pages(total * (0.004 + 0.02 * filled));
        long reclaimable = pages(total * (0.008 + 0.03 * filled));
        long shared = pages(total * 0.0025);
        long available = pages(freeKib + (cachedKib + buffers + reclaimable) * 0.92);
        long swap = embedded ? 0 : 999_420;
        return new Memory(
                total, freeKib, Math.min(total, available), buffers, cachedKib, shared, reclaimable, swap, swap);
    }

    private static long pages(double kib) {
        return ((long) (kib / PAGE_KIB)) * PAGE_KIB;
    }

    /** Processor time since the start of the machine, all processors together, in hundredths of a second. */
    public long busyTicks(Instant now) {
        return (long) (uptime(now).toSeconds() * TICKS_PER_SECOND * Math.min(0.6, base));
    }

    /** Idle time since the start of the machine, all processors together, in hundredths of a second. */
    public long idleTicks(Instant now) {
        long all = uptime(now).toMillis() / 10 * persona.hardware().cores();
        return all - busyTicks(now);
    }

    /** Bytes received since the start of the machine. */
    public long received(Instant now) {
        return 1_000_000 + uptime(now).toSeconds() * bytesPerSecond;
    }

    /** The number a process gets that is started at this moment. */
    public int pid(Instant at) {
        long quarter = at.getEpochSecond() / QUARTER;
        double part = Math.floorMod(at.getEpochSecond(), QUARTER) / (double) QUARTER;
        double passed = Math.max(0, started(quarter) * (1 - part) + started(quarter + 1) * part);
        long number = 700 + (long) (passed * QUARTER / secondsPerProcess);
        long most = embedded ? 32_768 : 4_194_304;
        return (int) (number < most ? number : 300 + (number - most) % (most - 300));
    }

    /** Quarters of an hour since the start of the machine, some longer, some shorter, none negative. */
    private double started(long quarter) {
        return quarter - persona.bootedAt().getEpochSecond() / (double) QUARTER + 0.95 * noise(PROCESSES, quarter);
    }

    /** A figure between 0 and 1 that moves steadily from one quarter of an hour to the next. */
    private double smooth(int stream, Instant now) {
        long quarter = now.getEpochSecond() / QUARTER;
        double part = Math.floorMod(now.getEpochSecond(), QUARTER) / (double) QUARTER;
        return noise(stream, quarter) * (1 - part) + noise(stream, quarter + 1) * part;
    }

    private double noise(int stream, long index) {
        return new SplittableRandom(persona.seed() + stream * 0x5851f42d4c957f2dL + index * 0x9e3779b97f4a7c15L)
                .nextDouble();
    }
}
