package decnet.decoys.shell;

import decnet.decoys.Neighbours;
import decnet.decoys.Reach;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * The machine that a command line names.
 *
 * @param name as it was typed
 * @param shown its address in text; empty if nobody knows the name
 * @param address where it really is; absent if it is not of the fleet
 */
record Target(String name, String shown, Optional<InetAddress> address) {
    /** How long Linux tries to connect. */
    static final Duration PATIENCE = Duration.ofSeconds(127);

    /** How long it asks for the hardware address of somebody on its own network. */
    static final Duration NEIGHBOUR_PATIENCE = Duration.ofMillis(3060);

    private static final Duration RETRY = Duration.ofMillis(30);
    private static final int RETRIES = 5;

    /** What became of a connection. */
    enum Outcome {
        OPEN,
        REFUSED,
        TIMED_OUT,
        NO_ROUTE
    }

    static Target of(ShellState shell, String name) {
        boolean self = name.equals("localhost")
                || name.equals("::1")
                || name.equals("0")
                || name.equals("0.0.0.0")
                || name.matches("127\\.[0-9.]{1,11}");
        String own = Addresses.own(shell);
        if (self) {
            return new Target(
                    name,
                    name.startsWith("127.") ? name : "127.0.0.1",
                    shell.context.neighbours().resolve(own));
        }
        Optional<InetAddress> found = shell.context.neighbours().resolve(name);
        if (found.isPresent()) {
            return new Target(
                    name, literal(name) ? name : shell.context.neighbours().shown(found.get()), found);
        }
        return new Target(name, literal(name) ? name : "", Optional.empty());
    }

    private static boolean literal(String name) {
        return name.matches("\\d{1,3}(\\.\\d{1,3}){3}") || name.indexOf(':') >= 0 && name.matches("[0-9a-fA-F:.]+");
    }

    boolean known() {
        return !shown.isEmpty();
    }

    /** Name and address, where a program shows both. */
    String both() {
        return name.equals(shown) ? name : name + " (" + shown + ")";
    }

    /** Whether it would be on the machine's own network. */
    boolean near(ShellState shell) {
        return shown.startsWith(shell.persona.site().network());
    }

    /** Connects; takes as long as it takes. Data and end come as {@link Signal}s. */
    Connected connect(Foreground front, ShellState shell, int port, Duration most) {
        front.settle();
        Reach reach = reach(front, port);
        for (int i = 0;
                i < RETRIES && reach instanceof Reach.Silent && echo(shell).isPresent();
                i++) {
            front.pause(RETRY); // somebody is there: lines that have just been closed still count
            reach = reach(front, port);
        }
        return switch (reach) {
            case Reach.Open open -> {
                front.pause(roundTrip(shell));
                yield new Connected(Outcome.OPEN, Optional.of(open.line()));
            }
            case Reach.Refused refused -> {
                front.pause(roundTrip(shell));
                yield new Connected(Outcome.REFUSED, Optional.empty());
            }
            case Reach.Silent silent -> {
                boolean nobody = address.isEmpty() && near(shell) && most.compareTo(NEIGHBOUR_PATIENCE) > 0;
                front.pause(nobody ? NEIGHBOUR_PATIENCE : most.compareTo(PATIENCE) < 0 ? most : PATIENCE);
                yield new Connected(nobody ? Outcome.NO_ROUTE : Outcome.TIMED_OUT, Optional.empty());
            }
        };
    }

    private Reach reach(Foreground front, int port) {
        return address.or(this::elsewhere).map(to -> front.connect(to, port)).orElseGet(Reach.Silent::new);
    }

    /** What an echo request would bring; empty if nobody answers. */
    Optional<Neighbours.Echo> echo(ShellState shell) {
        return address.flatMap(to -> shell.context.neighbours().echo(to));
    }

    private Duration roundTrip(ShellState shell) {
        return echo(shell).map(Neighbours.Echo::roundTrip).orElse(Duration.ZERO);
    }

    /** An address of somebody else: asked for in vain, and told. */
    private Optional<InetAddress> elsewhere() {
        try {
            return shown.isEmpty() ? Optional.empty() : Optional.of(InetAddress.ofLiteral(shown));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
