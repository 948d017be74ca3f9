package decnet.netd;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import decnet.core.Counters;
import decnet.linux.HandoverChannel;
import decnet.linux.ListeningSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HandoverServiceTest {
    private static final String DATA = "{\"op\":\"data\",\"decky\":\"web\"}";

    @TempDir
    Path folder;

    private final Counters counters = new Counters();

    private HandoverService service(boolean known) throws IOException {
        return HandoverService.start(
                folder.resolve("s"),
                user -> known,
                request -> Optional.of(ListeningSocket.stream(InetAddress.ofLiteral("127.0.0.1"), 0, 1)),
                counters);
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.count();
        }
    }

    private HandoverChannel ask(String request) throws IOException {
        HandoverChannel channel = HandoverChannel.connect(folder.resolve("s"), 5_000);
        channel.send(request, OptionalInt.empty());
        return channel;
    }

    @Test
    void whoDoesNotWaitForHisSocketLeavesNothingBehind() throws IOException {
        HandoverService service = service(true);
        try {
            long before = descriptors();
            for (int i = 0; i < 100; i++) {
                ask(DATA).close();
            }
            try (HandoverChannel channel = ask(DATA)) {
                HandoverChannel.Message answer = channel.receive();
                assertThat(answer).isNotNull();
            }
            await(() -> assertThat(descriptors()).isLessThan(before + 20));
            assertThat(service.alive()).isTrue();
        } finally {
            service.close();
        }
    }

    @Test
    void whatIsNoRequestIsAnsweredWithAProblem() throws IOException {
        HandoverService service = service(true);
        try {
            for (String request : new String[] {"x", "{}", "{\"op\":\"run\",\"decky\":\"web\"}", "{\"op\":\"take\"}"}) {
                try (HandoverChannel channel = ask(request)) {
                    HandoverChannel.Message answer = channel.receive();
                    assertThat(String.valueOf(answer)).contains("\"ok\":false").contains("problem");
                }
            }
        } finally {
            service.close();
        }
    }

    @Test
    void aStrangerIsCutOffAndCounted() throws IOException {
        HandoverService service = service(false);
        try {
            HandoverChannel channel = ask(DATA);
            await(() -> assertThat(counters.snapshot()).containsEntry("netd_strangers_total", 1L));
            channel.close();
        } finally {
            service.close();
        }
    }
}
