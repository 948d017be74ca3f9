package decnet.decoys.shell;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** Files of the kernel whose text moves with time. Stateless. */
final class Moving {
    private Moving() {}

    static Optional<String> text(ShellState shell, String path) {
        return switch (path) {
            case "/proc/uptime" -> {
                double up = uptime(shell).toMillis() / 1000.0;
                yield Optional.of(String.format(
                        Locale.ROOT,
                        "%.2f %.2f\n",
                        up,
                        up * shell.persona.hardware().cores() * 0.97));
            }
            case "/proc/loadavg" ->
                Optional.of(
                        load(shell).replace(",", "") + " 1/" + (110 + shell.pid % 40) + " " + (shell.pid + 40) + "\n");
            default -> Optional.empty();
        };
    }

    static Duration uptime(ShellState shell) {
        return Duration.between(shell.persona.bootedAt(), shell.context.clock().instant());
    }

    /** Three figures joined by comma and blank; they drift slowly. */
    static String load(ShellState shell) {
        long minute = shell.context.clock().instant().getEpochSecond() / 60;
        double base = 0.02 + (shell.persona.seed() & 15) / 100.0;
        double now = base + (Math.floorMod(minute * 7 + shell.persona.seed(), 9)) / 100.0;
        double five = base + (Math.floorMod(minute / 5 * 7 + shell.persona.seed(), 7)) / 100.0;
        return String.format(Locale.ROOT, "%.2f, %.2f, %.2f", now, five, base);
    }
}
