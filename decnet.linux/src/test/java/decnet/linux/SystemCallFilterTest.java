package decnet.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class SystemCallFilterTest {
    /** What a filtered process can and cannot do; it stays filtered, so it is one of its own. */
    static final class Filtered {
        private Filtered() {}

        public static void main(String[] arguments) throws Exception {
            SystemCallFilter.install();
            try {
                new ProcessBuilder("/bin/true").start().waitFor();
                System.out.println("started a program");
            } catch (IOException e) {
                System.out.println("no program");
            }
            try (Namespace own = Namespace.ofThisProcess()) {
                own.enter();
                System.out.println("entered a namespace");
            } catch (SystemCallException e) {
                System.out.println("no namespace " + e.errno());
            }
            Thread thread = new Thread(() -> System.out.println("thread"));
            thread.start();
            thread.join();
            try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                    Socket client = new Socket(server.getInetAddress(), server.getLocalPort())) {
                System.out.println("connected " + client.isConnected());
            }
        }
    }

    @Test
    void aServerGoesOnAndCanStartNothing() throws Exception {
        boolean able = SystemCallFilter.possible();
        if (!able) {
            System.err.println("SKIPPED: system calls are filtered on x86-64 only");
        }
        assumeTrue(able, "x86-64");
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        place(SystemCallFilter.class) + ":" + place(Filtered.class),
                        Filtered.class.getName())
                .redirectErrorStream(true)
                .start();
        String told = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(child.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(told).isEqualTo("no program\nno namespace 1\nthread\nconnected true\n");
    }

    private static Path place(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }
}
