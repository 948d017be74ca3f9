package decnet.netd;

import decnet.linux.ListeningSocket;
import decnet.linux.Namespace;
import decnet.linux.SystemCallException;
import decnet.topology.ServicePort;
import decnet.topology.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A machine whose network is there: its namespace and its listening sockets. Thread-safe. */
final class Machine implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Machine.class.getName());
    private static final int BACKLOG = 128;
    private static final int EADDRINUSE = 98;

    private final Optional<Namespace> namespace;
    private final Map<ServicePort, ListeningSocket> sockets = new HashMap<>();
    private MachineSpec spec;

    /** @param namespace owned from here on; empty: that of this process, for a machine of the loopback */
    Machine(MachineSpec spec, Optional<Namespace> namespace) {
        this.spec = spec;
        this.namespace = namespace;
    }

    synchronized MachineSpec spec() {
        return spec;
    }

    /** Empty for a machine of the loopback. Stays the machine's. */
    Optional<Namespace> namespace() {
        return namespace;
    }

    /** Runs in its namespace. */
    void within(NetworkTools.Step step) throws IOException, InterruptedException {
        if (namespace.isPresent()) {
            NetworkTools.within(namespace.get(), step);
        } else {
            step.run();
        }
    }

    /** The same network with other sockets, perhaps: those that are not wanted any more go. */
    synchronized void become(MachineSpec next) {
        spec = next;
        sockets.entrySet().removeIf(entry -> {
            boolean gone = !next.sockets().contains(entry.getKey());
            if (gone) {
                close(entry.getValue());
            }
            return gone;
        });
    }

    /**
     * Makes the sockets that are missing or spoilt.
     *
     * @return what could not be made; a socket that the decoys hold from before a restart is no problem
     */
    List<String> listen() throws InterruptedException {
        List<String> problems = new ArrayList<>();
        for (ServicePort port : spec().sockets()) {
            try {
                socket(port);
            } catch (SystemCallException e) {
                if (e.errno() != EADDRINUSE) { // asked for again once it is free
                    problems.add(String.valueOf(e.getMessage()));
                }
            } catch (IOException e) {
                problems.add(String.valueOf(e.getMessage()));
            }
        }
        return problems;
    }

    /**
     * The socket of a port, made if it is not there; stays this machine's.
     *
     * @return empty if the machine does not listen there
     */
    synchronized Optional<ListeningSocket> socket(ServicePort port) throws IOException, InterruptedException {
        if (!spec.sockets().contains(port)) {
            return Optional.empty();
        }
        ListeningSocket present = sockets.get(port);
        if (present != null && present.sound()) {
            return Optional.of(present);
        }
        if (present != null) {
            close(present);
            sockets.remove(port);
        }
        ListeningSocket fresh = made(port.transport(), port.number());
        sockets.put(port, fresh);
        return Optional.of(fresh);
    }

    /** One at any free port, for one conversation; the caller's to close. */
    ListeningSocket dataSocket() throws IOException, InterruptedException {
        return made(Transport.TCP, 0);
    }

    private ListeningSocket made(Transport transport, int number) throws IOException, InterruptedException {
        MachineSpec present = spec();
        InetAddress everywhere = InetAddress.ofLiteral(NetworkTools.ip6() ? "::" : "0.0.0.0");
        InetAddress address = present.attached() ? everywhere : present.address();
        List<ListeningSocket> made = new ArrayList<>();
        within(() -> made.add(
                transport == Transport.TCP
                        ? ListeningSocket.stream(address, number, BACKLOG)
                        : ListeningSocket.datagram(address, number)));
        return made.getFirst();
    }

    private static void close(ListeningSocket socket) {
        try {
            socket.close();
        } catch (SystemCallException e) {
            LOG.log(System.Logger.Level.WARNING, () -> "cannot close a socket: " + e.getMessage());
        }
    }

    /** Lets go of it; what is there stays. */
    @Override
    public synchronized void close() {
        sockets.values().forEach(Machine::close);
        sockets.clear();
        try {
            if (namespace.isPresent()) {
                namespace.get().close();
            }
        } catch (SystemCallException e) {
            LOG.log(System.Logger.Level.WARNING, () -> "cannot close a namespace: " + e.getMessage());
        }
    }
}
