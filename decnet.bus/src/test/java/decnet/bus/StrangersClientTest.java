package decnet.bus;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import decnet.bus.fixture.TestBroker;
import decnet.core.Json;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.Subscription;
import io.nats.client.impl.Headers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A stock NATS client at our broker. */
class StrangersClientTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static Connection connect(TestBroker broker) throws Exception {
        return Nats.connect(Options.builder()
                .server("nats://127.0.0.1:" + broker.tcpPort())
                .token(TestBroker.TOKEN.toCharArray())
                .noReconnect()
                .build());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void subscribesPublishesAndReadsOurHeaders() throws Exception {
        try (TestBroker broker = TestBroker.startWithTcp()) {
            Connection stranger = connect(broker);
            BusClient ours = broker.connect();
            List<BusMessage> heard = new CopyOnWriteArrayList<>();
            ours.subscribe(new TopicFilter("to.us"), heard::add);
            ours.flush(PATIENCE);
            Subscription subscription = stranger.subscribe("decky.>");
            stranger.flush(PATIENCE);

            ours.publish(Topics.deckyState("web-01"), "state", Json.object().put("state", "running"));
            stranger.publish("to.us", new Headers().add("Decnet-Type", "greeting"), bytes("{\"n\":1}"));

            Message message = subscription.nextMessage(PATIENCE);
            assertThat(message.getSubject()).isEqualTo("decky.web-01.state");
            assertThat(new String(message.getData(), StandardCharsets.UTF_8)).isEqualTo("{\"state\":\"running\"}");
            assertThat(message.getHeaders().getFirst("Decnet-Type")).isEqualTo("state");
            assertThat(message.getHeaders().getFirst("Decnet-Id")).isNotBlank();
            await(() -> assertThat(heard).extracting(BusMessage::type).containsExactly("greeting"));
            stranger.close();
        }
    }

    @Test
    void asksAndAnswers() throws Exception {
        try (TestBroker broker = TestBroker.startWithTcp()) {
            Connection stranger = connect(broker);
            BusClient ours = broker.connect();
            ours.subscribe(new TopicFilter("ask.us"), message -> ours.reply(message, message.payload()));
            ours.flush(PATIENCE);
            Dispatcher dispatcher = stranger.createDispatcher(
                    message -> stranger.publish(message.getReplyTo(), bytes("{\"from\":\"stranger\"}")));
            dispatcher.subscribe("ask.stranger");
            stranger.flush(PATIENCE);

            assertThat(stranger.request("ask.us", bytes("{\"n\":1}"), PATIENCE).getData())
                    .isEqualTo(bytes("{\"n\":1}"));
            assertThat(ours.request(new Topic("ask.stranger"), Json.object(), PATIENCE))
                    .contains(Json.object().put("from", "stranger"));
            assertThat(stranger.request("ask.nobody", bytes("{}"), PATIENCE)).isNull();
            stranger.close();
        }
    }

    @Test
    void sharesTheWorkOfAQueueGroup() throws Exception {
        try (TestBroker broker = TestBroker.startWithTcp()) {
            Connection first = connect(broker);
            Connection second = connect(broker);
            AtomicInteger atFirst = new AtomicInteger();
            AtomicInteger atSecond = new AtomicInteger();
            first.createDispatcher(message -> atFirst.incrementAndGet()).subscribe("work", "crew");
            second.createDispatcher(message -> atSecond.incrementAndGet()).subscribe("work", "crew");
            first.flush(PATIENCE);
            second.flush(PATIENCE);

            for (int i = 0; i < 100; i++) {
                first.publish("work", bytes("{}"));
            }

            await(() -> assertThat(atFirst.get() + atSecond.get()).isEqualTo(100));
            assertThat(atFirst).hasPositiveValue();
            assertThat(atSecond).hasPositiveValue();
            first.close();
            second.close();
        }
    }
}
