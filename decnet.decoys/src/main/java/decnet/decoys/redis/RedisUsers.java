package decnet.decoys.redis;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Users as {@code ACL} shows and makes them; those that visitors make are shown and log nobody in. Thread-safe. */
final class RedisUsers {
    private static final int MAX_USERS = 32;
    private static final int MAX_RULES = 64;

    /** Immutable. */
    record User(
            boolean on,
            boolean noPassword,
            List<String> passwords,
            List<String> keys,
            List<String> channels,
            List<String> commands) {
        static final User NEW = new User(false, false, List.of(), List.of(), List.of(), List.of("-@all"));

        User {
            passwords = List.copyOf(passwords);
            keys = List.copyOf(keys);
            channels = List.copyOf(channels);
            commands = List.copyOf(commands);
        }

        /** As {@code ACL LIST} shows it. */
        String line(String name) {
            List<String> words = new ArrayList<>(List.of("user", name, on ? "on" : "off"));
            if (noPassword) {
                words.add("nopass");
            }
            passwords.forEach(hash -> words.add("#" + hash));
            words.addAll(keys);
            if (!channels.equals(List.of("&*"))) {
                words.add("resetchannels");
            }
            words.addAll(channels);
            words.addAll(commands);
            return String.join(" ", words);
        }
    }

    private final CommandTable table;
    private final Map<String, User> users = new TreeMap<>();

    RedisUsers(CommandTable table, String password) {
        this.table = table;
        users.put(
                "default",
                new User(
                        true,
                        password.isEmpty(),
                        password.isEmpty() ? List.of() : List.of(sha256(password)),
                        List.of("~*"),
                        List.of("&*"),
                        List.of("+@all")));
    }

    static String sha256(String latin1) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(latin1.getBytes(StandardCharsets.ISO_8859_1));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    synchronized Optional<User> find(String name) {
        return Optional.ofNullable(users.get(name));
    }

    synchronized List<String> names() {
        return List.copyOf(users.keySet());
    }

    synchronized boolean remove(String name) {
        return users.remove(name) != null;
    }

    /** @throws RedisError naming the first rule that is none */
    synchronized void set(String name, List<String> rules) {
        User user = users.getOrDefault(name, User.NEW);
        for (String rule : rules) {
            user = with(user, rule);
        }
        // what is done to the default user would lock out the next visitor
        if (!name.equals("default") && (users.size() < MAX_USERS || users.containsKey(name))) {
            users.put(name, user);
        }
    }

    private User with(User user, String rule) {
        String lower = rule.toLowerCase(java.util.Locale.ROOT);
        List<String> passwords = new ArrayList<>(user.passwords());
        List<String> keys = new ArrayList<>(user.keys());
        List<String> channels = new ArrayList<>(user.channels());
        List<String> commands = new ArrayList<>(user.commands());
        boolean on = user.on();
        boolean open = user.noPassword();
        switch (lower) {
            case "on" -> on = true;
            case "off" -> on = false;
            case "nopass" -> {
                open = true;
                passwords.clear();
            }
            case "resetpass" -> {
                open = false;
                passwords.clear();
            }
            case "allkeys", "~*" -> keys = new ArrayList<>(List.of("~*"));
            case "resetkeys" -> keys.clear();
            case "allchannels", "&*" -> channels = new ArrayList<>(List.of("&*"));
            case "resetchannels" -> channels.clear();
            case "allcommands", "+@all" -> commands = new ArrayList<>(List.of("+@all"));
            case "nocommands", "-@all" -> commands = new ArrayList<>(List.of("-@all"));
            case "reset" -> {
                return User.NEW;
            }
            case "sanitize-payload", "skip-sanitize-payload", "clearselectors" -> {}
            default -> {
                String rest = rule.isEmpty() ? "" : rule.substring(1);
                switch (rule.isEmpty() ? ' ' : rule.charAt(0)) {
                    case '>' -> {
                        open = false;
                        add(passwords, sha256(rest));
                    }
                    case '<' -> passwords.remove(sha256(rest));
                    case '#' -> {
                        if (!rest.matches("[0-9a-f]{64}")) {
                            throw new RedisError(
                                    "The password hash must be exactly 64 characters and contain only lowercase"
                                            + " hexadecimal characters");
                        }
                        add(passwords, rest);
                    }
                    case '~', '%' -> add(keys, rule);
                    case '&' -> add(channels, rule);
                    case '+', '-' -> {
                        command(rest.toLowerCase(java.util.Locale.ROOT));
                        add(commands, lower);
                    }
                    default -> throw new RedisError("Syntax error");
                }
            }
        }
        return new User(on, open, passwords, keys, channels, commands);
    }

    private void command(String name) {
        boolean known = name.startsWith("@")
                ? AclCommands.CATEGORIES.contains(name.substring(1)) || name.equals("@all")
                : table.find(name.indexOf('|') < 0 ? name : name.substring(0, name.indexOf('|')))
                        .isPresent();
        if (!known) {
            throw new RedisError("Unknown command or category name in ACL");
        }
    }

    private static void add(List<String> rules, String rule) {
        rules.remove(rule);
        if (rules.size() < MAX_RULES) {
            rules.add(rule.length() > 256 ? rule.substring(0, 256) : rule);
        }
    }
}
