package decnet.decoys.realism;

import decnet.decoys.realism.Subject.Rule;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** redis-server as Debian sets it up: open, and with a password. */
final class RedisSubjects {
    private static final List<Rule> RULES = List.of(
            Rule.of("length", "(?<=[$=])\\d{3,}(?=\\r\\n)", "N"),
            Rule.of("numbers of INFO", "(?m)^([a-z_0-9]+):[0-9.-]+[%KMGB]?(?=\\r\\n)", "$1:#"),
            Rule.of("client id", "(?<=\\nid\\r\\n:)\\d+", "#"),
            Rule.of("age", "(?<=age-seconds\\r\\n)(\\$\\d+\\r\\n|,)[0-9.e-]+", "#"),
            Rule.of("time of an entry", "\\b\\d{13}-\\d+", "TIME"),
            Rule.of("ids", "\\b[0-9a-f]{40}\\b", "ID"),
            Rule.of("keyspace", "(?m)^db0:keys=.*$", "db0:#"),
            Rule.of(
                    "machine",
                    "(?m)^(os|gcc_version|redis_build_id|process_supervised|mem_allocator|executable|config_file):.*$",
                    "$1:*"),
            Rule.of("statistics", "(?m)^((?:cmdstat|latency_percentiles_usec|errorstat)_[^:]*):.*$", "$1:*"),
            Rule.of("folder", "\\$\\d+\\r\\n(/[a-z/]*decnet-realism[^\\r\\n]*|/var/lib/redis)", "DIR"),
            Rule.of(
                    "client",
                    "\\b(id|addr|laddr|fd|age|idle|qbuf|qbuf-free|argv-mem|multi-mem|rbs|rbp|omem|tot-mem|events|obl|oll)=\\S*",
                    "$1=#"));

    private RedisSubjects() {}

    static List<Subject> all() {
        return List.of(
                subject("redis", Map.of(), List.of("redis.conv"), true, "requirepass", ""),
                subject(
                        "redis-password",
                        Map.of("auth", "password"),
                        List.of("redis-password.conv"),
                        false,
                        "requirepass",
                        Subjects.PASSWORD));
    }

    private static Subject subject(
            String name, Map<String, String> options, List<String> files, boolean generated, String... settings) {
        return new Subject(
                name,
                "redis",
                false,
                RespFraming::complete,
                () -> {
                    List<Conversation> all = new ArrayList<>();
                    files.forEach(file -> all.addAll(Subjects.file(file)));
                    if (generated) {
                        all.addAll(RedisGrid.conversations());
                    }
                    return all;
                },
                RULES,
                version -> Subjects.persona("debian12", "redis", "redis", version),
                options,
                () -> start(settings));
    }

    private static RealServer start(String... settings) throws Exception {
        Path folder = Files.createTempDirectory("decnet-realism");
        InetSocketAddress at = RealServer.free();
        List<String> command = new ArrayList<>(List.of(
                "/usr/bin/redis-server",
                "/etc/redis/redis.conf",
                "--daemonize",
                "no",
                "--supervised",
                "no",
                "--pidfile",
                folder.resolve("pid").toString(),
                "--logfile",
                folder.resolve("log").toString(),
                "--slowlog-log-slower-than",
                "-1",
                "--bind",
                at.getAddress().getHostAddress(),
                "--port",
                Integer.toString(at.getPort()),
                "--dir",
                folder.toString()));
        for (int i = 0; i < settings.length; i += 2) {
            if (!settings[i + 1].isEmpty()) {
                command.add("--" + settings[i]);
                command.add(settings[i + 1]);
            }
        }
        RealServer.need("/usr/bin/redis-server");
        String version = RealServer.packageVersion("redis-server").replaceAll("^\\d+:|-.*", "");
        return RealServer.start(folder, at, version, Map.of(), command.toArray(String[]::new));
    }
}
