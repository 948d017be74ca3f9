package decnet.decoys.shell;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** {@code nc HOST PORT…} as OpenBSD's speaks: both directions, or only whether ports are open. Stateless. */
final class NetcatCommand {
    private static final String LETTERS = "wpiIMmOPqsTVXx";
    /** More ports of a range than this are not asked. */
    private static final int MAX_PORTS = 1024;

    private static final Duration IDLE = Duration.ofMinutes(10);

    private NetcatCommand() {}

    /** Whether it is about connecting, and not listening or what this one does not know. */
    static boolean connects(Call call) {
        return !call.option('l')
                && !call.option('u')
                && !call.option('U')
                && operands(call).size() > 1;
    }

    private static List<String> operands(Call call) {
        return call.operands(LETTERS, Set.of());
    }

    static int run(Call call) {
        ShellState shell = call.shell();
        Foreground front = call.front().orElseThrow();
        List<String> operands = operands(call);
        Target target = Target.of(shell, operands.get(0));
        if (!target.known()) {
            front.pause(Duration.ofSeconds(2));
            return call.fail("getaddrinfo for host \"" + target.name() + "\" port " + operands.get(1)
                    + ": Temporary failure in name resolution");
        }
        List<Integer> ports = ports(operands.get(1));
        if (ports.isEmpty()) {
            return call.fail("port number invalid: " + operands.get(1));
        }
        Duration most = patience(call);
        int status = 1;
        for (int port : ports) {
            try (Connected line = target.connect(front, shell, port, most)) {
                if (call.option('v')) {
                    call.err().append(told(target, port, line, most)).append('\n');
                }
                if (line.open()) {
                    status = 0;
                    if (!call.option('z')) {
                        return pump(call, front, line);
                    }
                }
            }
            if (call.err().length() > Interpreter.MAX_OUTPUT) {
                break;
            }
        }
        return status;
    }

    private static String told(Target target, int port, Connected line, Duration most) {
        if (line.open()) {
            return "Connection to " + target.both() + " " + port + " port [tcp/" + Ports.name(port) + "] succeeded!";
        }
        boolean gaveUp = line.outcome() == Target.Outcome.TIMED_OUT && most.compareTo(Target.PATIENCE) < 0;
        return "nc: connect to " + target.both() + " port " + port + " (tcp) "
                + (gaveUp ? "timed out: Operation now in progress" : "failed: " + line.error());
    }

    private static Duration patience(Call call) {
        String seconds = Options.value(call, 'w');
        return seconds.matches("\\d{1,6}") ? Duration.ofSeconds(Integer.parseInt(seconds)) : Target.PATIENCE;
    }

    /** One port, or {@code first-last}. @return empty if it is neither */
    private static List<Integer> ports(String text) {
        String[] ends = text.split("-", 2);
        int first = Ports.of(ends[0]);
        int last = ends.length == 2 ? Ports.of(ends[1]) : first;
        List<Integer> ports = new ArrayList<>();
        if (first > 0) {
            for (int port = first; port <= last && ports.size() < MAX_PORTS; port++) {
                ports.add(port);
            }
        }
        return ports;
    }

    private static int pump(Call call, Foreground front, Connected line) {
        boolean idleEnds = !Options.value(call, 'w').isEmpty();
        Duration idle = idleEnds ? patience(call) : IDLE;
        boolean closesWithInput = call.option('N');
        if (call.stdin().isPresent()) {
            line.send(call.stdin().get());
            if (closesWithInput) {
                line.end();
            }
        }
        while (true) {
            switch (front.next(idle)) {
                case Signal.Typed typed -> {
                    if (call.stdin().isEmpty()) {
                        line.send(typed.text());
                    }
                }
                case Signal.Data data -> {
                    call.out().append(data.text());
                    if (call.out().length() > Interpreter.MAX_OUTPUT) {
                        return 1;
                    }
                }
                case Signal.InputEnded over -> {
                    if (closesWithInput) {
                        line.end();
                    }
                }
                case Signal.LineEnded over -> {
                    return 0;
                }
                case Signal.Timeout over -> {
                    return idleEnds ? 0 : 1;
                }
            }
        }
    }
}
