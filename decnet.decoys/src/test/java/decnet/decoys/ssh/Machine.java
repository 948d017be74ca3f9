package decnet.decoys.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import decnet.decoys.Fixtures;
import decnet.topology.Account;
import decnet.topology.Decky;
import decnet.topology.DeckyService;
import decnet.topology.Persona;
import decnet.topology.ServicePort;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** A served machine with a secure shell, for the tests of this package. */
final class Machine implements AutoCloseable {
    final Decky decky;
    final Fixtures.Recorder seen;

    Machine(String distribution) {
        this(distribution, Map.of());
    }

    Machine(String distribution, Map<String, String> settings) {
        this(
                Fixtures.decky("[box]\narchetype = linux-server\nservices = ssh\ndistro = " + distribution + "\n"),
                settings);
    }

    Machine(Decky from, Map<String, String> settings) {
        try (ServerSocket free = new ServerSocket(0, 1, from.address())) {
            decky = new Decky(
                    from.name(),
                    from.persona(),
                    from.address(),
                    List.of(new DeckyService("ssh", List.of(ServicePort.tcp(free.getLocalPort())), Map.of())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        seen = new Fixtures.Recorder(settings);
        try {
            assertThat(seen.engine.serve(List.of(decky))).isEmpty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** One whose server is of another version than its distribution ships. */
    static Machine withServer(String product) {
        Decky decky = Fixtures.decky("[box]\narchetype = linux-server\nservices = ssh\ndistro = debian12\n");
        Persona persona = decky.persona();
        Persona other = persona.withOs(persona.os().withProduct("openssh", product));
        return new Machine(new Decky(decky.name(), other, decky.address(), decky.services()), Map.of());
    }

    String address() {
        return decky.address().getHostAddress();
    }

    int port() {
        return decky.services().getFirst().port();
    }

    Account root() {
        return decky.persona().account("root").orElseThrow();
    }

    String password() {
        return root().password().orElseThrow().text();
    }

    Socket connect() throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(decky.address(), port()), 5000);
        socket.setSoTimeout(10_000);
        return socket;
    }

    /** Reads up to and with the next line feed. */
    static String line(Socket socket) throws IOException {
        StringBuilder text = new StringBuilder();
        InputStream in = socket.getInputStream();
        for (int b = in.read(); b >= 0; b = in.read()) {
            text.append((char) b);
            if (b == '\n') {
                break;
            }
        }
        return text.toString();
    }

    static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    static String rest(Socket socket) throws IOException {
        try {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (java.net.SocketException e) {
            return ""; // reset after the last word, as a real server does when input is left over
        }
    }

    @Override
    public void close() {
        seen.close();
    }
}
