package decnet.decoys.shell;

import java.util.Map;

/** Ports by number or by name, as {@code /etc/services} has them. Stateless. */
final class Ports {
    private static final Map<String, Integer> NAMES = Map.ofEntries(
            Map.entry("ftp", 21),
            Map.entry("ssh", 22),
            Map.entry("telnet", 23),
            Map.entry("smtp", 25),
            Map.entry("domain", 53),
            Map.entry("http", 80),
            Map.entry("pop3", 110),
            Map.entry("imap2", 143),
            Map.entry("ldap", 389),
            Map.entry("https", 443),
            Map.entry("microsoft-ds", 445),
            Map.entry("ms-sql-s", 1433),
            Map.entry("mysql", 3306),
            Map.entry("ms-wbt-server", 3389),
            Map.entry("postgresql", 5432),
            Map.entry("redis", 6379),
            Map.entry("http-alt", 8080));

    private Ports() {}

    /** @return 0 if it is neither a port nor the name of one */
    static int of(String text) {
        if (!text.matches("\\d{1,5}")) {
            return NAMES.getOrDefault(text, 0);
        }
        int number = Integer.parseInt(text);
        return number <= 65_535 ? number : 0;
    }

    /** @return {@code *} if it has none */
    static String name(int port) {
        return NAMES.entrySet().stream()
                .filter(one -> one.getValue() == port)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("*");
    }
}
