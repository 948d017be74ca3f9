package decnet.workers.heavy;

import java.util.List;

/** Names of the built-in rules, which are resources beside this class: a module cannot list its own. */
final class BuiltInRules {
    static final List<String> NAMES = List.of(
            "R0007_scanner_user_agent",
            "R0008_log4j_jndi",
            "R0009_path_traversal",
            "R0010_unix_shell_exec",
            "R0011_scripting_interpreter_exec",
            "R0012_ingress_tool_transfer",
            "R0013_etc_passwd_read",
            "R0014_etc_shadow_read",
            "R0015_suid_search",
            "R0016_recursive_find",
            "R0017_network_service_scan",
            "R0018_system_info_discovery",
            "R0019_user_discovery",
            "R0020_network_config_discovery",
            "R0021_network_connections_discovery",
            "R0022_ldap_account_discovery",
            "R0023_smb_share_discovery",
            "R0024_local_account_creation",
            "R0025_cron_persistence",
            "R0026_redis_ssh_key_persistence",
            "R0027_webshell_install",
            "R0028_clear_command_history",
            "R0029_sudo_abuse");

    private BuiltInRules() {}
}
