package decnet.bus;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.bus.fixture.TestBroker;
import decnet.core.Config;
import decnet.core.Counters;
import decnet.core.Json;
import decnet.core.Places;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BusClientTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static ObjectNode number(int n) {
        return Json.object().put("n", n);
    }

    @Test
    void aWildcardSubscriberHearsWhatIsPublishedWithTypeIdAndTime() throws Exception {
        try (TestBroker broker = TestBroker.start()) {
            BusClient dashboard = broker.connect();
            BusClient sniffer = broker.connect();
            List<BusMessage> heard = new CopyOnWriteArrayList<>();
            dashboard.subscribe(new TopicFilter("decky.*.traffic"), heard::add);
            assertThat(dashboard.flush(PATIENCE)).isTrue();

            sniffer.publish(new Topic("decky.web-01.traffic"), "tcp_flow", number(1));
            sniffer.publish(new Topic("decky.web-01.state"), "state", number(2));

            await(() -> assertThat(heard).hasSize(1));
            assertThat(heard.get(0).payload()).isEqualTo(number(1));
            assertThat(heard.get(0).type()).isEqualTo("tcp_flow");
            assertThat(heard.get(0).id()).isPresent();
            assertThat(heard.get(0).at()).isPresent();
        }
    }

    @Test
    void aPublisherHearsItself() {
        try (TestBroker broker = TestBroker.start()) {
            BusClient client = broker.connect();
            List<BusMessage> heard = new CopyOnWriteArrayList<>();
            client.subscribe(new TopicFilter("a"), heard::add);

            client.publish(new Topic("a"), "", number(1));

            await(() -> assertThat(heard).hasSize(1));
        }
    }

    @Test
    void aRequestIsAnsweredAndOneNobodyHearsComesBackAtOnce() throws Exception {
        try (TestBroker broker = TestBroker.start()) {
            BusClient worker = broker.connect();
            BusClient console = broker.connect();
            worker.subscribe(
                    Topics.ALL_HEALTH,
                    message -> worker.reply(
                            message, number(message.payload().path("n").asInt() + 1)));
            worker.flush(PATIENCE);

            assertThat(console.request(Topics.workerHealth("ttp"), number(41), PATIENCE))
                    .contains(number(42));
            long began = System.nanoTime();
            assertThat(console.request(new Topic("nobody"), number(1), PATIENCE))
                    .isEmpty();
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
        }
    }

    @Test
    void aHandlerMayAskInItsTurn() throws Exception {
        try (TestBroker broker = TestBroker.start()) {
            BusClient first = broker.connect();
            BusClient second = broker.connect();
            second.subscribe(new TopicFilter("second"), message -> second.reply(message, number(7)));
            second.flush(PATIENCE);
            first.subscribe(new TopicFilter("first"), message -> {
                try {
                    first.reply(
                            message,
                            first.request(new Topic("second"), number(0), PATIENCE)
                                    .orElseThrow());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });

            assertThat(first.request(new Topic("first"), number(0), PATIENCE)).contains(number(7));
        }
    }

    @Test
    void aRestartOfTheBrokerIsSurvivedAndSubscriptionsAreRenewed() throws Exception {
        try (TestBroker broker = TestBroker.start()) {
            BusClient listener = broker.connect();
            BusClient speaker = broker.connect();
            List<BusMessage> heard = new CopyOnWriteArrayList<>();
            listener.subscribe(new TopicFilter("news.>"), heard::add);
            listener.flush(PATIENCE);

            broker.stop();
            await(() -> assertThat(speaker.connected() || listener.connected()).isFalse());
            speaker.publish(new Topic("news.lost"), "", number(1));
            broker.restart();
            await(() -> assertThat(speaker.connected() && listener.connected()).isTrue());
            listener.flush(PATIENCE);
            speaker.publish(new Topic("news.heard"), "", number(2));

            await(() -> assertThat(heard).extracting(BusMessage::topic).containsExactly(new Topic("news.heard")));
            assertThat(broker.counters().value(BusClientCounter.DROPPED_AWAY)).isEqualTo(1);
            assertThat(broker.counters().value(BusClientCounter.CONNECTS)).isEqualTo(4);
        }
    }

    @Test
    void withoutABrokerOpeningSucceedsAndPublishesAreCounted(@TempDir Path folder) throws Exception {
        Counters counters = new Counters();
        try (BusClient client = BusClient.open(Config.of(Map.of()), new Places(folder, folder), counters, "alone")) {
            client.publish(new Topic("a"), "", number(1));

            assertThat(client.connected()).isFalse();
            assertThat(client.request(new Topic("a"), number(1), Duration.ofMillis(50)))
                    .isEmpty();
            assertThat(counters.value(BusClientCounter.DROPPED_AWAY)).isEqualTo(2);
        }
    }

    @Test
    void aPayloadThatIsNoObjectAndAHandlerThatThrowsEndNothing() throws Exception {
        try (TestBroker broker = TestBroker.start();
                RawClient raw = RawClient.connect(broker.socket())) {
            BusClient client = broker.connect();
            List<BusMessage> heard = new CopyOnWriteArrayList<>();
            client.subscribe(new TopicFilter("a"), message -> {
                heard.add(message);
                if (message.payload().isEmpty()) {
                    throw new IllegalStateException("wanted by the test");
                }
            });
            client.flush(PATIENCE);
            raw.introduce("{\"verbose\":false}");

            raw.send("PUB a 2\r\n[]\r\nPUB a 1\r\nx\r\nPUB a 2\r\n{}\r\nPUB a 7\r\n{\"n\":1}\r\n");

            await(() -> assertThat(heard).extracting(BusMessage::payload).containsExactly(Json.object(), number(1)));
            assertThat(broker.counters().value(BusClientCounter.MALFORMED)).isEqualTo(2);
            assertThat(broker.counters().value(BusClientCounter.HANDLER_FAILED)).isEqualTo(1);
        }
    }

    @Test
    void whoOwesAnAnswerHearsOfWhatCannotBeReadToo() throws Exception {
        try (TestBroker broker = TestBroker.start();
                RawClient raw = RawClient.connect(broker.socket())) {
            BusClient client = broker.connect();
            List<Optional<Topic>> unreadable = new CopyOnWriteArrayList<>();
            client.subscribe(new TopicFilter("a"), message -> {}, unreadable::add);
            client.flush(PATIENCE);
            raw.introduce("{\"verbose\":false}");

            raw.send("PUB a back 1\r\nx\r\nPUB a 2\r\n[]\r\nPUB a back 2\r\n{}\r\n");

            await(() -> assertThat(unreadable).containsExactly(Optional.of(new Topic("back")), Optional.empty()));
        }
    }

    @Test
    void aSlowHandlerLosesTheOldestMessagesAndTheyAreCounted() throws Exception {
        try (TestBroker broker = TestBroker.start(Map.of("bus.queue-length", "16"))) {
            BusClient listener = broker.connect();
            BusClient speaker = broker.connect();
            CountDownLatch slow = new CountDownLatch(1);
            List<Integer> heard = new CopyOnWriteArrayList<>();
            listener.subscribe(new TopicFilter("a"), message -> {
                try {
                    slow.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                heard.add(message.payload().path("n").asInt());
            });
            listener.flush(PATIENCE);

            for (int i = 0; i < 100; i++) {
                speaker.publish(new Topic("a"), "", number(i));
            }
            await(() -> assertThat(broker.counters().value(BusClientCounter.OVERRUN))
                    .isBetween(83L, 84L));
            slow.countDown();

            await(() -> assertThat(heard).endsWith(98, 99).hasSizeBetween(16, 17));
        }
    }

    @Test
    void aMessageLargerThanTheBusTakesIsDroppedAndCounted() throws Exception {
        try (TestBroker broker = TestBroker.start(Map.of("bus.max-payload", "1k"))) {
            BusClient client = broker.connect();

            client.publish(new Topic("a"), "", Json.object().put("text", "x".repeat(1024)));

            assertThat(client.flush(PATIENCE)).isTrue();
            assertThat(broker.counters().value(BusClientCounter.DROPPED_TOO_LARGE))
                    .isEqualTo(1);
        }
    }

    @Test
    void aClosedSubscriptionHearsNothingMore() throws Exception {
        try (TestBroker broker = TestBroker.start()) {
            BusClient client = broker.connect();
            List<BusMessage> heard = new CopyOnWriteArrayList<>();
            List<BusMessage> other = new CopyOnWriteArrayList<>();
            Bus.Subscription subscription = client.subscribe(new TopicFilter("a"), heard::add);
            client.subscribe(new TopicFilter("a"), other::add);
            subscription.close();

            client.publish(new Topic("a"), "", number(1));

            await(() -> assertThat(other).hasSize(1));
            assertThat(heard).isEmpty();
        }
    }
}
