package decnet.decoys.redis;

import decnet.topology.Persona;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The text of {@code INFO}: {@code info.txt} has the fields of each section in the server's order, with the value of a quiet server;
 * what moves is worked out here. Stateless.
 */
final class RedisInfo {
    private static final List<String> LINES = CommandTable.lines("info.txt");
    private static final List<String> NOT_BY_DEFAULT = List.of("commandstats", "latencystats");
    private static final long STARTUP_MEMORY = 876_408;

    private RedisInfo() {}

    /** @param wanted sections as they were asked for; none for the usual ones */
    static String text(RedisState state, List<String> wanted) {
        List<String> names =
                wanted.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
        boolean usual = names.isEmpty() || names.contains("default");
        boolean all = names.contains("all") || names.contains("everything");
        Map<String, List<String>> sections = sections(state);
        StringBuilder text = new StringBuilder();
        sections.forEach((name, lines) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (all || names.contains(lower) || usual && !NOT_BY_DEFAULT.contains(lower)) {
                text.append(text.isEmpty() ? "" : "\r\n")
                        .append("# ")
                        .append(name)
                        .append("\r\n");
                lines.forEach(line -> text.append(line).append("\r\n"));
            }
        });
        return text.toString();
    }

    private static Map<String, List<String>> sections(RedisState state) {
        Map<String, String> moving = moving(state);
        Map<String, List<String>> sections = new LinkedHashMap<>();
        for (String line : LINES) {
            String[] parts = line.split(" ", 4);
            if (line.startsWith("#") || !state.version.atLeast(parts[0])) {
                continue;
            }
            if (parts.length == 2) {
                sections.put(parts[1], new ArrayList<>());
                if (parts[1].equals("Modules")) {
                    sections.put("Commandstats", commandStatistics(state));
                }
                if (parts[1].equals("Errorstats")) {
                    sections.put("Errorstats", errors(state));
                }
                if (parts[1].equals("Errorstats") && state.version.major() >= 7) {
                    sections.put("Latencystats", List.of());
                }
            } else {
                String value = moving.getOrDefault(parts[2], parts.length > 3 ? parts[3] : "");
                sections.getOrDefault(parts[1], new ArrayList<>()).add(parts[2] + ":" + value);
            }
        }
        sections.put("Replication", replication(state, sections.getOrDefault("Replication", List.of())));
        List<String> keyspace = sections.getOrDefault("Keyspace", new ArrayList<>());
        for (int i = 0; i < RedisStore.DATABASES; i++) {
            int keys = state.store.size(i);
            if (keys > 0) {
                keyspace.add("db" + i + ":keys=" + keys + ",expires=" + state.store.expiring(i) + ",avg_ttl=0");
            }
        }
        return sections;
    }

    private static List<String> errors(RedisState state) {
        List<String> lines = new ArrayList<>();
        state.errors().forEach((code, count) -> lines.add("errorstat_" + code + ":count=" + count));
        return lines;
    }

    private static List<String> commandStatistics(RedisState state) {
        long calls = state.commands.get();
        return List.of(String.format(
                Locale.ROOT,
                "cmdstat_%s:calls=%d,usec=%d,usec_per_call=%.2f%s",
                state.version.major() >= 7 ? "config|get" : "config",
                Math.max(1, calls / 40),
                Math.max(1, calls / 40) * 31,
                31.0,
                state.version.atLeast("6.2.0") ? ",rejected_calls=0,failed_calls=0" : ""));
    }

    private static Map<String, String> moving(RedisState state) {
        Persona persona = state.context.persona();
        Instant now = state.context.clock().instant();
        Duration up = Duration.between(persona.bootedAt(), now);
        long uptime = Math.max(1, up.toSeconds() - 9);
        long used = STARTUP_MEMORY + 36_000 + state.store.bytes() * 2;
        long rss = used + 7_340_032;
        long peak = used + 61_440;
        long total = persona.hardware().memoryKib() * 1024;
        long commands = state.commands.get();
        Map<String, String> values = new LinkedHashMap<>();
        values.put("redis_version", state.version.text());
        values.put("redis_build_id", state.buildId());
        values.put(
                "os",
                "Linux " + persona.os().kernelRelease() + " " + persona.os().machine());
        values.put("atomicvar_api", state.version.major() >= 7 ? "c11-builtin" : "atomic-builtin");
        values.put("gcc_version", persona.os().product("gcc"));
        values.put("process_id", Integer.toString(state.processId()));
        values.put("process_supervised", "systemd");
        values.put("run_id", state.runId());
        values.put("tcp_port", "6379");
        values.put("server_time_usec", Long.toString(now.getEpochSecond() * 1_000_000 + now.getNano() / 1000));
        values.put("uptime_in_seconds", Long.toString(uptime));
        values.put("uptime_in_days", Long.toString(uptime / 86_400));
        values.put("lru_clock", Long.toString(now.getEpochSecond() & 0xffffff));
        values.put("executable", "/usr/bin/redis-server");
        values.put("config_file", "/etc/redis/redis.conf");
        values.put("connected_clients", Integer.toString(Math.max(1, state.clients.size())));
        values.put("used_memory", Long.toString(used));
        values.put("used_memory_human", human(used));
        values.put("used_memory_rss", Long.toString(rss));
        values.put("used_memory_rss_human", human(rss));
        values.put("used_memory_peak", Long.toString(peak));
        values.put("used_memory_peak_human", human(peak));
        values.put("used_memory_peak_perc", percent(used, peak));
        values.put("used_memory_overhead", Long.toString(STARTUP_MEMORY + 1800));
        values.put("used_memory_dataset", Long.toString(used - STARTUP_MEMORY - 1800));
        values.put("used_memory_dataset_perc", percent(used - STARTUP_MEMORY - 1800, used - STARTUP_MEMORY));
        values.put("total_system_memory", Long.toString(total));
        values.put("total_system_memory_human", human(total));
        values.put("maxmemory", state.settings.get("maxmemory").orElse("0"));
        values.put("maxmemory_policy", state.settings.get("maxmemory-policy").orElse("noeviction"));
        values.put("number_of_cached_scripts", Integer.toString(state.scriptCount()));
        values.put("mem_fragmentation_ratio", String.format(Locale.ROOT, "%.2f", (double) rss / used));
        values.put("mem_fragmentation_bytes", Long.toString(rss - used));
        values.put("mem_allocator", state.version.major() >= 7 ? "jemalloc-5.3.0" : "jemalloc-5.2.1");
        values.put("rdb_changes_since_last_save", Long.toString(state.store.changes()));
        values.put("rdb_last_save_time", Long.toString(state.lastSave().getEpochSecond()));
        values.put("total_connections_received", Long.toString(state.connections.get()));
        values.put("total_commands_processed", Long.toString(commands));
        values.put("total_net_input_bytes", Long.toString(commands * 41));
        values.put("total_net_output_bytes", Long.toString(commands * 903));
        values.put("keyspace_hits", Long.toString(commands / 3));
        values.put("keyspace_misses", Long.toString(commands / 19));
        values.put("total_reads_processed", Long.toString(commands + state.connections.get()));
        values.put("total_writes_processed", Long.toString(commands));
        values.put("master_replid", state.replicationId());
        double seconds = up.toMillis() / 1000.0;
        values.put("used_cpu_sys", String.format(Locale.ROOT, "%.6f", seconds * 0.000_913));
        values.put("used_cpu_user", String.format(Locale.ROOT, "%.6f", seconds * 0.000_742));
        values.put("used_cpu_sys_main_thread", String.format(Locale.ROOT, "%.6f", seconds * 0.000_907));
        values.put("used_cpu_user_main_thread", String.format(Locale.ROOT, "%.6f", seconds * 0.000_738));
        return values;
    }

    /** A replica tells of its master before the rest. */
    private static List<String> replication(RedisState state, List<String> lines) {
        String master = state.master();
        if (master.isEmpty()) {
            return lines;
        }
        int blank = master.indexOf(' ');
        List<String> all = new ArrayList<>(List.of(
                "role:slave",
                "master_host:" + master.substring(0, blank),
                "master_port:" + master.substring(blank + 1),
                "master_link_status:down",
                "master_last_io_seconds_ago:-1",
                "master_sync_in_progress:0"));
        if (state.version.major() >= 7) {
            all.add("slave_read_repl_offset:0");
        }
        all.addAll(List.of(
                "slave_repl_offset:0", "master_link_down_since_seconds:-1", "slave_priority:100", "slave_read_only:1"));
        if (state.version.atLeast("6.2.0")) {
            all.add("replica_announced:1");
        }
        all.addAll(lines.subList(1, lines.size()));
        return all;
    }

    /** {@code MEMORY STATS}. */
    static void memoryStats(Call call) {
        RedisState state = call.state();
        long used = STARTUP_MEMORY + 36_000 + state.store.bytes() * 2;
        long keys = state.store.size(0);
        Reply reply = call.reply().map(keys > 0 ? 29 : 28);
        reply.bulk("peak.allocated")
                .number(used + 61_440)
                .bulk("total.allocated")
                .number(used);
        reply.bulk("startup.allocated")
                .number(STARTUP_MEMORY)
                .bulk("replication.backlog")
                .number(0);
        reply.bulk("clients.slaves")
                .number(0)
                .bulk("clients.normal")
                .number(1800)
                .bulk("cluster.links")
                .number(0);
        reply.bulk("aof.buffer")
                .number(0)
                .bulk("lua.caches")
                .number(0)
                .bulk("functions.caches")
                .number(200);
        if (keys > 0) {
            reply.bulk("db.0").map(3).bulk("overhead.hashtable.main").number(72 * keys);
            reply.bulk("overhead.hashtable.expires")
                    .number(0)
                    .bulk("overhead.hashtable.slot-to-keys")
                    .number(0);
        }
        reply.bulk("overhead.total")
                .number(STARTUP_MEMORY + 1800)
                .bulk("keys.count")
                .number(keys);
        reply.bulk("keys.bytes-per-key").number(keys == 0 ? 0 : (used - STARTUP_MEMORY) / keys);
        reply.bulk("dataset.bytes").number(used - STARTUP_MEMORY - 1800);
        reply.bulk("dataset.percentage").real(100.0 * (used - STARTUP_MEMORY - 1800) / (used - STARTUP_MEMORY));
        reply.bulk("peak.percentage").real(100.0 * used / (used + 61_440));
        reply.bulk("allocator.allocated")
                .number(used + 1_003_000)
                .bulk("allocator.active")
                .number(used + 1_198_400);
        reply.bulk("allocator.resident").number(used + 3_869_000);
        reply.bulk("allocator-fragmentation.ratio")
                .real(1.0994)
                .bulk("allocator-fragmentation.bytes")
                .number(195_400);
        reply.bulk("allocator-rss.ratio")
                .real(2.2372)
                .bulk("allocator-rss.bytes")
                .number(2_670_600);
        reply.bulk("rss-overhead.ratio").real(2.5768).bulk("rss-overhead.bytes").number(7_614_464);
        reply.bulk("fragmentation")
                .real((used + 7_340_032.0) / used)
                .bulk("fragmentation.bytes")
                .number(7_340_032);
    }

    private static String percent(long part, long whole) {
        return String.format(Locale.ROOT, "%.2f%%", 100.0 * part / whole);
    }

    private static String human(long bytes) {
        if (bytes < 1024) {
            return bytes + "B";
        }
        if (bytes < 1 << 20) {
            return String.format(Locale.ROOT, "%.2fK", bytes / 1024.0);
        }
        return bytes < 1 << 30
                ? String.format(Locale.ROOT, "%.2fM", bytes / 1048576.0)
                : String.format(Locale.ROOT, "%.2fG", bytes / 1073741824.0);
    }
}
