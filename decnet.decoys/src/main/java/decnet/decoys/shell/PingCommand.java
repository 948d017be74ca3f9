package decnet.decoys.shell;

import decnet.decoys.Neighbours;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** {@code ping HOST}: machines of the fleet answer, others do not. One instance for one run. */
final class PingCommand {
    private static final int MAX_COUNT = 10_000;
    /** How long the last answer is waited for. */
    private static final Duration LAST = Duration.ofSeconds(10);

    private final Call call;
    private final ShellState shell;
    private final Foreground front;
    private final Target target;
    private final Optional<Neighbours.Echo> echo;
    private final List<Double> times = new ArrayList<>();
    private final long startedNanos = System.nanoTime();
    private int sent;
    private int errors;

    private PingCommand(Call call, Target target) {
        this.call = call;
        this.shell = call.shell();
        this.front = call.front().orElseThrow();
        this.target = target;
        this.echo = target.echo(shell);
    }

    /** Whether it names somebody. */
    static boolean takes(Call call) {
        return !host(call).isEmpty();
    }

    private static String host(Call call) {
        List<String> operands = call.operands("cisWwtlmMpQIS", Set.of());
        return operands.isEmpty() ? "" : operands.getLast();
    }

    static int run(Call call) {
        Target target = Target.of(call.shell(), host(call));
        if (!target.known()) {
            call.front().orElseThrow().pause(Duration.ofSeconds(2));
            if (call.shell().ash()) {
                return call.fail("bad address '" + target.name() + "'");
            }
            call.fail(target.name() + ": Temporary failure in name resolution");
            return 2;
        }
        return new PingCommand(call, target).ping();
    }

    private int ping() {
        String wanted = Options.value(call, 'c');
        int count = wanted.matches("[1-9]\\d{0,4}") ? Math.min(MAX_COUNT, Integer.parseInt(wanted)) : MAX_COUNT;
        String interval = Options.value(call, 'i');
        Duration pause = interval.matches("\\d{1,3}")
                ? Duration.ofSeconds(Math.max(1, Integer.parseInt(interval)))
                : Duration.ofSeconds(1);
        call.line("PING " + target.name() + " (" + target.shown() + ")"
                + (shell.ash() ? ": 56 data bytes" : " 56(84) bytes of data."));
        try {
            for (int i = 1; i <= count; i++) {
                sent = i;
                one(i);
                if (i < count) {
                    front.pause(pause);
                }
            }
            if (echo.isEmpty()) {
                front.pause(LAST);
            }
        } catch (Interruption e) {
            statistics();
            throw e;
        }
        statistics();
        return times.isEmpty() ? 1 : 0;
    }

    private void one(int number) {
        if (echo.isEmpty()) {
            if (target.address().isEmpty() && target.near(shell) && number % 3 == 0 && !shell.ash()) {
                for (int i = number - 2; i <= number; i++) {
                    errors++;
                    call.line("From " + Addresses.own(shell) + " icmp_seq=" + i + " Destination Host Unreachable");
                }
            }
            return;
        }
        double base = echo.get().roundTrip().toNanos() / 1e6;
        boolean own = target.shown().startsWith("127.") || target.shown().equals(Addresses.own(shell));
        double time = base + (own ? 0.02 : 0.24) + shell.context.random().nextDouble() * (own ? 0.03 : 0.35);
        front.pause(Duration.ofNanos((long) (time * 1e6)));
        times.add(time);
        String from = target.name().equals(target.shown()) || shell.ash() ? target.shown() : target.both();
        call.line("64 bytes from " + from + (shell.ash() ? ": seq=" + (number - 1) : ": icmp_seq=" + number) + " ttl="
                + echo.get().ttl() + " time=" + shown(time) + " ms");
    }

    private static String shown(double time) {
        return String.format(Locale.ROOT, time < 1 ? "%.3f" : time < 10 ? "%.2f" : time < 100 ? "%.1f" : "%.0f", time);
    }

    private void statistics() {
        int lost = sent == 0 ? 0 : (sent - times.size()) * 100 / sent;
        call.line("").line("--- " + target.name() + " ping statistics ---");
        if (shell.ash()) {
            call.line(sent + " packets transmitted, " + times.size() + " packets received, " + lost + "% packet loss");
        } else {
            long millis = (System.nanoTime() - startedNanos) / 1_000_000;
            call.line(sent + " packets transmitted, " + times.size() + " received, "
                    + (errors > 0 ? "+" + errors + " errors, " : "") + lost + "% packet loss, time " + millis + "ms");
        }
        if (times.isEmpty()) {
            call.out().append(shell.ash() ? "" : "\n");
            return;
        }
        double least = times.stream().mapToDouble(Double::doubleValue).min().orElse(0);
        double most = times.stream().mapToDouble(Double::doubleValue).max().orElse(0);
        double mean = times.stream().mapToDouble(Double::doubleValue).average().orElse(0);
        double squares =
                times.stream().mapToDouble(time -> time * time).average().orElse(0);
        String three = String.format(Locale.ROOT, "%.3f/%.3f/%.3f", least, mean, most);
        call.line(
                shell.ash()
                        ? "round-trip min/avg/max = " + three + " ms"
                        : "rtt min/avg/max/mdev = " + three
                                + String.format(
                                        Locale.ROOT, "/%.3f ms", Math.sqrt(Math.max(0, squares - mean * mean))));
    }
}
