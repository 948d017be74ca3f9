package decnet.decoys.shell;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** All commands by name. Stateless. */
final class Commands {
    /** Commands of the shell itself. */
    static final Set<String> BUILTINS = Set.of(
            "cd", "pwd", "echo", "export", "unset", "exit", "logout", "history", "alias", "type", "set", "source", ".",
            "exec", "test", "[", "[[", "true", "false", ":", "ulimit", "umask", "printf", "read", "jobs", "wait",
            "command", "eval", "help", "shift", "return", "local", "kill", "builtin", "bg", "fg");
    /** Commands every machine has somewhere. */
    static final Set<String> ALWAYS = Set.of(
            "tftp",
            "ftp",
            "telnet",
            "busybox",
            "lsblk",
            "lsof",
            "arp",
            "last",
            "lastb",
            "lastlog",
            "zgrep",
            "zless",
            "zmore",
            "groups",
            "users",
            "tty",
            "stty",
            "arch",
            "nohup",
            "dd",
            "sync",
            "hostnamectl",
            "timedatectl",
            "getent",
            "chattr",
            "lsattr",
            "reset",
            "mktemp",
            "sleep",
            "ufw",
            "rev",
            "lsusb",
            "lspci",
            "apt-cache",
            "dmidecode",
            "iptables",
            "ifconfig",
            "route",
            "netstat");

    private static final Map<String, Command> ALL = all();

    private Commands() {}

    static Map<String, Command> map() {
        return ALL;
    }

    private static Map<String, Command> all() {
        Map<String, Command> map = new HashMap<>();
        BuiltinCommands.addTo(map);
        FileCommands.addTo(map);
        TextCommands.addTo(map);
        SystemCommands.addTo(map);
        LoginCommands.addTo(map);
        LogCommands.addTo(map);
        TimeCommands.addTo(map);
        ProcessCommands.addTo(map);
        NetworkCommands.addTo(map);
        ReachCommands.addTo(map);
        return Map.copyOf(map);
    }
}
