package decnet.decoys.shell;

import java.util.List;

/** {@code telnet HOST [PORT]}: the real client's words over a line to another machine. Stateless. */
final class TelnetCommand {
    private static final char ESCAPE = 29;

    private TelnetCommand() {}

    static int run(Call call) {
        List<String> operands = call.operands("abelnxXkS", java.util.Set.of());
        if (operands.isEmpty()) {
            return 0;
        }
        ShellState shell = call.shell();
        Foreground front = call.front().orElseThrow();
        Target target = Target.of(shell, operands.getFirst());
        String service = operands.size() > 1 ? operands.get(1) : "23";
        int port = Ports.of(service);
        if (!target.known()) {
            call.err().append(unknown(shell, target.name(), operands.size() > 1 ? service : "telnet"));
            return 1;
        }
        if (port == 0) {
            call.err()
                    .append("telnet: could not resolve ")
                    .append(target.name())
                    .append('/')
                    .append(service);
            call.err().append(": Servname not supported for ai_socktype\n");
            return 1;
        }
        if (!shell.ash()) {
            call.line("Trying " + target.shown() + "...");
        }
        try (Connected line = target.connect(front, shell, port, Target.PATIENCE)) {
            if (!line.open()) {
                call.err()
                        .append(
                                shell.ash()
                                        ? "telnet: can't connect to remote host (" + target.shown() + "): "
                                        : "telnet: Unable to connect to remote host: ")
                        .append(line.error())
                        .append('\n');
                return 1;
            }
            call.line((shell.ash() ? "\nEntering character mode" : "Connected to " + target.name() + ".")
                    + "\nEscape character is '^]'.");
            if (shell.ash()) {
                call.line("");
            }
            return talk(call, front, line, port);
        } finally {
            front.keys(Foreground.Keys.LINES);
        }
    }

    private static String unknown(ShellState shell, String name, String service) {
        return shell.ash()
                ? "telnet: bad address '" + name + "'\n"
                : "telnet: could not resolve " + name + "/" + service + ": Temporary failure in name resolution\n";
    }

    private static int talk(Call call, Foreground front, Connected line, int port) {
        ShellState shell = call.shell();
        TelnetClient client = new TelnetClient(shell.variable("TERM"), shell.columns, shell.rows);
        if (port == 23) {
            line.send(client.hello());
        }
        call.stdin().ifPresent(text -> line.send(client.typed(text)));
        while (true) {
            Signal signal;
            try {
                signal = front.next();
            } catch (Interruption e) {
                if (front.over()) {
                    throw e;
                }
                line.send("\u00ff\u00f4\u00ff\u00fd\u0006");
                continue;
            }
            switch (signal) {
                case Signal.Typed keys -> {
                    int escape = client.echoed() ? keys.text().indexOf(ESCAPE) : -1;
                    if (escape >= 0) {
                        return leave(call, front);
                    }
                    line.send(client.typed(keys.text()));
                }
                case Signal.Data data -> {
                    call.out().append(client.received(data.text()));
                    line.send(client.answer());
                    front.keys(client.echoed() && shell.interactive ? Foreground.Keys.RAW : Foreground.Keys.LINES);
                    if (call.out().length() > Interpreter.MAX_OUTPUT) {
                        return 1;
                    }
                }
                case Signal.InputEnded over -> {
                    return 1;
                }
                case Signal.LineEnded over -> {
                    call.err().append("Connection closed by foreign host").append(shell.ash() ? "\n" : ".\n");
                    return 1;
                }
                case Signal.Timeout none -> {}
            }
        }
    }

    /** The prompt behind the escape character; whatever is said there, the way leads out. */
    private static int leave(Call call, Foreground front) {
        front.keys(Foreground.Keys.LINES);
        call.out().append("\ntelnet> ");
        front.input();
        call.line("Connection closed.");
        return 0;
    }
}
