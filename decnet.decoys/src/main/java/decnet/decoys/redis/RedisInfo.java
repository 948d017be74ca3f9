package decnet.decoys.redis;

import decnet.topology.Persona;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** The text of {@code INFO}. Stateless. */
final class RedisInfo {
    private static final List<String> DEFAULT = List.of(
            "server",
            "clients",
            "memory",
            "persistence",
            "stats",
            "replication",
            "cpu",
            "modules",
            "errorstats",
            "cluster",
            "keyspace");

    private RedisInfo() {}

    static String text(RedisState state, String section) {
        List<String> wanted =
                switch (section) {
                    case "", "default", "all", "everything" -> DEFAULT;
                    default -> List.of(section);
                };
        StringBuilder text = new StringBuilder();
        for (String one : wanted) {
            String body = section(state, one);
            if (!body.isEmpty()) {
                text.append(text.isEmpty() ? "" : "\r\n").append(body.replace("\n", "\r\n"));
            }
        }
        return text.toString();
    }

    private static String section(RedisState state, String name) {
        int major = state.version.major();
        return switch (name) {
            case "server" -> server(state);
            case "clients" ->
                "# Clients\nconnected_clients:" + Math.max(1, state.connected.get()) + "\n"
                        + (major >= 7 ? "cluster_connections:0\nmaxclients:10000\n" : "")
                        + "client_recent_max_input_buffer:" + (major >= 7 ? 20480 : 2)
                        + "\nclient_recent_max_output_buffer:0\nblocked_clients:0\n"
                        + (major >= 6 ? "tracking_clients:0\nclients_in_timeout_table:0\n" : "");
            case "memory" -> memory(state);
            case "persistence" ->
                "# Persistence\nloading:0\n" + (major >= 7 ? "async_loading:0\ncurrent_cow_peak:0\n" : "")
                        + "rdb_changes_since_last_save:" + state.store.changes()
                        + "\nrdb_bgsave_in_progress:0\nrdb_last_save_time:"
                        + state.lastSave().getEpochSecond()
                        + "\nrdb_last_bgsave_status:ok\nrdb_last_bgsave_time_sec:0\nrdb_current_bgsave_time_sec:-1\n"
                        + (major >= 7 ? "rdb_saves:4\n" : "")
                        + "rdb_last_cow_size:432128\n"
                        + "aof_enabled:0\n"
                        + "aof_rewrite_in_progress:0\n"
                        + "aof_rewrite_scheduled:0\n"
                        + "aof_last_rewrite_time_sec:-1\n"
                        + "aof_current_rewrite_time_sec:-1\n"
                        + "aof_last_bgrewrite_status:ok\n"
                        + "aof_last_write_status:ok\n"
                        + "aof_last_cow_size:0\n"
                        + (major >= 6 ? "module_fork_in_progress:0\nmodule_fork_last_cow_size:0\n" : "");
            case "stats" ->
                "# Stats\ntotal_connections_received:" + state.connections.get() + "\ntotal_commands_processed:"
                        + state.commands.get() + "\ninstantaneous_ops_per_sec:0\ntotal_net_input_bytes:"
                        + state.commands.get() * 41
                        + "\ntotal_net_output_bytes:" + state.commands.get() * 903
                        + "\n"
                        + "instantaneous_input_kbps:0.01\n"
                        + "instantaneous_output_kbps:0.00\n"
                        + "rejected_connections:0\n"
                        + "sync_full:0\n"
                        + "sync_partial_ok:0\n"
                        + "sync_partial_err:0\n"
                        + "expired_keys:0\n"
                        + "expired_stale_perc:0.00\n"
                        + "expired_time_cap_reached_count:0\n"
                        + "evicted_keys:0\n"
                        + "keyspace_hits:" + state.commands.get() / 3
                        + "\nkeyspace_misses:" + state.commands.get() / 19
                        + "\npubsub_channels:0\npubsub_patterns:0\nlatest_fork_usec:412\nmigrate_cached_sockets:0\n"
                        + "slave_expires_tracked_keys:0\nactive_defrag_hits:0\nactive_defrag_misses:0\n"
                        + "active_defrag_key_hits:0\nactive_defrag_key_misses:0\n";
            case "replication" -> replication(state);
            case "cpu" -> cpu(state);
            case "modules" -> major >= 6 ? "# Modules\n" : "";
            case "errorstats" -> major >= 7 || state.version.text().startsWith("6.2") ? "# Errorstats\n" : "";
            case "cluster" -> "# Cluster\ncluster_enabled:0\n";
            case "keyspace" ->
                "# Keyspace\n"
                        + (state.store.size() == 0
                                ? ""
                                : "db0:keys=" + state.store.size() + ",expires=" + state.store.expiring()
                                        + ",avg_ttl=0\n");
            default -> "";
        };
    }

    private static String server(RedisState state) {
        Persona persona = state.context.persona();
        Instant now = state.context.clock().instant();
        long uptime = Math.max(1, Duration.between(persona.bootedAt(), now).toSeconds() - 9);
        int major = state.version.major();
        long micros = now.getEpochSecond() * 1_000_000 + now.getNano() / 1000;
        return "# Server\nredis_version:" + state.version.text()
                + "\nredis_git_sha1:00000000\nredis_git_dirty:0\nredis_build_id:"
                + state.buildId() + "\nredis_mode:standalone\nos:Linux "
                + persona.os().kernelRelease() + " "
                + persona.os().machine() + "\narch_bits:64\n"
                + (major >= 7 ? "monotonic_clock:POSIX clock_gettime\n" : "")
                + "multiplexing_api:epoll\natomicvar_api:" + (major >= 7 ? "c11-builtin" : "atomic-builtin")
                + "\ngcc_version:"
                + persona.os().product("gcc") + "\nprocess_id:" + state.processId() + "\n"
                + (major >= 7 ? "process_supervised:systemd\n" : "") + "run_id:" + state.runId() + "\ntcp_port:6379\n"
                + (major >= 7 ? "server_time_usec:" + micros + "\n" : "") + "uptime_in_seconds:" + uptime
                + "\nuptime_in_days:"
                + uptime / 86_400 + "\nhz:10\nconfigured_hz:10\nlru_clock:" + (now.getEpochSecond() & 0xffffff)
                + "\nexecutable:/usr/bin/redis-server\nconfig_file:/etc/redis/redis.conf\n"
                + (major >= 6 ? "io_threads_active:0\n" : "");
    }

    private static String memory(RedisState state) {
        long used = 876_152 + 36_000 + state.store.bytes() * 2;
        long peak = used + 61_440;
        long total = state.context.persona().hardware().memoryKib() * 1024;
        return "# Memory\nused_memory:" + used + "\nused_memory_human:" + human(used) + "\nused_memory_rss:"
                + (used + 7_340_032)
                + "\nused_memory_rss_human:" + human(used + 7_340_032) + "\nused_memory_peak:" + peak
                + "\nused_memory_peak_human:"
                + human(peak) + "\nused_memory_peak_perc:" + String.format(Locale.ROOT, "%.2f", 100.0 * used / peak)
                + "%\nused_memory_overhead:882296\nused_memory_startup:876152\nused_memory_dataset:" + (used - 882_296)
                + "\ntotal_system_memory:" + total + "\ntotal_system_memory_human:" + human(total)
                + "\n"
                + "used_memory_lua:37888\n"
                + "used_memory_lua_human:37.00K\n"
                + "used_memory_scripts:0\n"
                + "used_memory_scripts_human:0B\n"
                + "number_of_cached_scripts:0\n"
                + "maxmemory:0\n"
                + "maxmemory_human:0B\n"
                + "maxmemory_policy:noeviction\n"
                + "allocator_frag_ratio:1.32\n"
                + "allocator_rss_ratio:2.41\n"
                + "mem_fragmentation_ratio:"
                + String.format(Locale.ROOT, "%.2f", (used + 7_340_032.0) / used)
                + "\n"
                + "mem_not_counted_for_evict:0\n"
                + "mem_replication_backlog:0\n"
                + "mem_clients_slaves:0\n"
                + "mem_clients_normal:20504\n"
                + "mem_aof_buffer:0\n"
                + "mem_allocator:jemalloc-5.2.1\n"
                + "active_defrag_running:0\n"
                + "lazyfree_pending_objects:0\n";
    }

    private static String replication(RedisState state) {
        String master = state.master();
        String role = master.isEmpty()
                ? "role:master\nconnected_slaves:0\n"
                : "role:slave\nmaster_host:" + master.substring(0, master.indexOf(' ')) + "\nmaster_port:"
                        + master.substring(master.indexOf(' ') + 1)
                        + "\n"
                        + "master_link_status:down\n"
                        + "master_last_io_seconds_ago:-1\n"
                        + "master_sync_in_progress:0\n"
                        + "slave_repl_offset:0\n"
                        + "master_link_down_since_seconds:-1\n"
                        + "slave_priority:100\n"
                        + "slave_read_only:1\n"
                        + "connected_slaves:0\n";
        return "# Replication\n" + role + (state.version.major() >= 7 ? "master_failover_state:no-failover\n" : "")
                + "master_replid:" + state.replicationId()
                + "\nmaster_replid2:0000000000000000000000000000000000000000\n"
                + "master_repl_offset:0\nsecond_repl_offset:-1\nrepl_backlog_active:0\nrepl_backlog_size:1048576\n"
                + "repl_backlog_first_byte_offset:0\nrepl_backlog_histlen:0\n";
    }

    private static String cpu(RedisState state) {
        double seconds = Duration.between(
                                state.context.persona().bootedAt(),
                                state.context.clock().instant())
                        .toMillis()
                / 1000.0;
        return String.format(Locale.ROOT, """
            # CPU
            used_cpu_sys:%.6f
            used_cpu_user:%.6f
            used_cpu_sys_children:0.012210
            used_cpu_user_children:0.004021
            """, seconds * 0.000_913, seconds * 0.000_742);
    }

    private static String human(long bytes) {
        if (bytes < 1 << 20) {
            return String.format(Locale.ROOT, "%.2fK", bytes / 1024.0);
        }
        return bytes < 1 << 30
                ? String.format(Locale.ROOT, "%.2fM", bytes / 1048576.0)
                : String.format(Locale.ROOT, "%.2fG", bytes / 1073741824.0);
    }
}
