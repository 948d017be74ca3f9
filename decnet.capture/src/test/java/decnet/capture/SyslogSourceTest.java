package decnet.capture;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import decnet.core.Counters;
import decnet.core.Event;
import decnet.core.OptionLine;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SyslogSourceTest {
    private static final String LINE = "<34>1 2026-11-20T10:00:00Z evil-claim su - ID47 - 'su root' failed ";

    @TempDir
    private Path folder;

    private final Counters counters = new Counters();

    private SyslogSource open(String options) {
        SourceConfig config = SourceConfig.of("net", OptionLine.parse("syslog " + options + " decky=router"));
        var events = new LineEvents("net", config.decky(), config.service(), config.reader(), counters);
        return new SyslogSource(
                config, events, (channel, queue) -> LogListener.open(channel, queue, counters), () -> {}, counters);
    }

    private static InetSocketAddress address(SyslogSource source) {
        assertThat(source.read(1, Instant.now())).isEmpty();
        return (InetSocketAddress) source.address().orElseThrow();
    }

    private static List<Event> take(SyslogSource source, int count) {
        List<Event> events = new ArrayList<>();
        await(() -> {
            events.addAll(source.read(1000, Instant.now()));
            assertThat(events).hasSize(count);
        });
        return events;
    }

    @Test
    void datagramsBecomeEventsOfTheMachineSetUpForTheChannel() throws IOException {
        try (SyslogSource source = open("udp=127.0.0.1:0");
                DatagramSocket sender = new DatagramSocket()) {
            InetSocketAddress to = address(source);
            for (int i = 0; i < 20; i++) {
                byte[] line = (LINE + i).getBytes(StandardCharsets.UTF_8);
                sender.send(new DatagramPacket(line, line.length, to));
            }

            assertThat(take(source, 20)).allSatisfy(event -> {
                assertThat(event.decky().text()).isEqualTo("router");
                assertThat(event.type()).isEqualTo("log_line");
                assertThat(event.field("peer_ip")).contains("127.0.0.1");
                assertThat(event.fields().toString()).contains("evil-claim");
            });
        }
    }

    @Test
    void aUnixSocketTakesWhatLoggersOfThisHostSend() throws Exception {
        Path path = folder.resolve("log");
        try (SyslogSource source = open("unix=" + path)) {
            assertThat(source.read(1, Instant.now())).isEmpty();
            Process logger = new ProcessBuilder(
                            "logger", "--socket", path.toString(), "--rfc5424", "--tag", "door", "somebody knocks")
                    .inheritIO()
                    .start();
            assertThat(logger.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(logger.exitValue()).isZero();

            assertThat(take(source, 1).getFirst().fields().toString()).contains("somebody knocks", "door");
        }
        assertThat(path).doesNotExist();
    }

    @Test
    void aFileThatIsNoSocketIsLeftAlone() throws IOException {
        Path path = Files.writeString(folder.resolve("precious"), "data");
        try (SyslogSource source = open("unix=" + path)) {
            assertThat(source.read(1, Instant.now())).isEmpty();

            assertThat(source.trouble())
                    .hasValueSatisfying(text -> assertThat(text).contains("no socket"));
        }
        assertThat(path).hasContent("data");
    }

    @ParameterizedTest
    @CsvSource({"128, 256", "65536, 256", "1048576, 16", "524288, 32"})
    void longLinesLeaveRoomForFewerConnections(int maxLine, int connections) {
        assertThat(LogListener.mostConnections(maxLine)).isEqualTo(connections);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%1$d %2$s", "%2$s\n"})
    void streamsOfBothFramings(String form) throws IOException {
        try (SyslogSource source = open("tcp=127.0.0.1:0");
                Socket sender = connect(address(source))) {
            OutputStream out = sender.getOutputStream();
            for (int i = 0; i < 50; i++) {
                String line = LINE + i;
                out.write(String.format(java.util.Locale.ROOT, form, line.length(), line)
                        .getBytes(StandardCharsets.UTF_8));
            }
            out.flush();

            assertThat(take(source, 50).getLast().fields().toString()).contains("failed 49");
        }
    }

    private static Socket connect(InetSocketAddress to) throws IOException {
        return new Socket(to.getAddress(), to.getPort());
    }

    @Test
    void aStreamThatIsFasterThanTheReaderWaitsAndLosesNothing() throws Exception {
        int lines = 20_000;
        try (SyslogSource source = open("tcp=127.0.0.1:0 queue=64k");
                Socket sender = connect(address(source))) {
            Thread writer = Thread.ofPlatform().start(() -> {
                try {
                    OutputStream out = sender.getOutputStream();
                    for (int i = 0; i < lines; i++) {
                        out.write((LINE + i + "\n").getBytes(StandardCharsets.UTF_8));
                    }
                    out.flush();
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });

            List<Event> events = new ArrayList<>();
            await(() -> {
                List<Event> some = source.read(5000, Instant.now());
                events.addAll(some);
                assertThat(events).hasSize(lines);
            });

            writer.join();
        }
        assertThat(counters.value(CollectCounter.DROPPED)).isZero();
    }

    @Test
    void datagramsThatFindTheQueueFullAreCounted() throws IOException {
        try (SyslogSource source = open("udp=127.0.0.1:0 queue=1k");
                DatagramSocket sender = new DatagramSocket()) {
            InetSocketAddress to = address(source);
            byte[] line = LINE.getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < 100; i++) {
                sender.send(new DatagramPacket(line, line.length, to));
            }

            await(() -> assertThat(counters.value(CollectCounter.DROPPED)).isPositive());
            assertThat(source.read(1000, Instant.now())).isNotEmpty();
        }
    }

    /** RFC 5425, with a certificate of the sender where an authority is named. */
    @Test
    void overTlsOnlyWhoTheAuthorityKnowsMaySend() throws Exception {
        openssl("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost -keyout"
                + " key.pem -out cert.pem");
        String files = " cert=" + folder.resolve("cert.pem") + " key=" + folder.resolve("key.pem");
        try (SyslogSource source = open("tls=127.0.0.1:0" + files + " ca=" + folder.resolve("cert.pem"))) {
            InetSocketAddress to = address(source);
            String line = LINE + "over tls";
            Process known = client(to, "-cert cert.pem -key key.pem", line);
            try {
                assertThat(take(source, 1).getFirst().fields().toString()).contains("over tls");
            } finally {
                known.destroy();
            }

            Process stranger = client(to, "", line);
            try {
                await(() -> assertThat(counters.value(CollectCounter.CONNECTIONS_REFUSED))
                        .isPositive());
                assertThat(source.read(10, Instant.now())).isEmpty();
            } finally {
                stranger.destroy();
            }
        }
    }

    private void openssl(String arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments.split(" ")));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("openssl.log").toFile())
                .start();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    /** A stock client that sends one message and stays. */
    private Process client(InetSocketAddress to, String arguments, String line) throws IOException {
        Path input = Files.writeString(folder.resolve("input"), line.length() + " " + line);
        return new ProcessBuilder(
                        "sh",
                        "-c",
                        "(cat " + input + "; exec cat) | openssl s_client -quiet -connect 127.0.0.1:" + to.getPort()
                                + " " + arguments)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("client.log").toFile())
                .start();
    }

    @Test
    void brokenFramingCutsTheConnectionAndNothingElse() throws IOException {
        try (SyslogSource source = open("tcp=127.0.0.1:0");
                Socket bad = connect(address(source));
                Socket good = connect(address(source))) {
            bad.getOutputStream().write("999999999999 ".getBytes(StandardCharsets.UTF_8));
            bad.setSoTimeout(5000);
            assertThat(bad.getInputStream().read()).isEqualTo(-1);
            good.getOutputStream().write((LINE + "\n").getBytes(StandardCharsets.UTF_8));

            assertThat(take(source, 1)).hasSize(1);
            assertThat(counters.value(CollectCounter.CONNECTIONS_REFUSED)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "syslog decky=a",
                "syslog udp=1.2.3.4:5 tcp=1.2.3.4:5 decky=a",
                "syslog udp=1.2.3.4:5",
                "syslog udp=1.2.3.4:5 decky=NO",
                "klingon file=/x decky=a",
                "cowrie file=/x decky=a max-line=9m",
                "cowrie file=/x decky=a rate=0",
                "cowrie udp=1.2.3.4:5 decky=a backfill=yes",
                "syslog tls=1.2.3.4:5 decky=a"
            })
    void aChannelThatCannotBeIsRefusedWithAReason(String text) {
        OptionLine line = OptionLine.parse(text);

        assertThatThrownBy(() -> SourceConfig.of("x", line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching(".*(needs|not a decky name|unknown format|expected|unknown option).*");
    }
}
