package decnet.decoys.redis;

import decnet.decoys.redis.RespDecoder.Request;

/** What differs between the versions a decky can show. */
record RedisVersion(String text) {
    int major() {
        return text.isEmpty() ? 7 : text.charAt(0) - '0';
    }

    /** @param other numbers joined by dots */
    boolean atLeast(String other) {
        String[] ours = text.isEmpty() ? new String[] {"7"} : text.split("\\.");
        String[] theirs = other.split("\\.");
        for (int i = 0; i < Math.min(ours.length, theirs.length); i++) {
            int compared = Integer.compare(Integer.parseInt(ours[i]), Integer.parseInt(theirs[i]));
            if (compared != 0) {
                return compared > 0;
            }
        }
        return true;
    }

    String unknownCommand(Request request) {
        StringBuilder arguments = new StringBuilder();
        for (int i = 1; i < request.count() && arguments.length() < 128; i++) {
            String argument = request.argument(i);
            argument = argument.substring(0, Math.min(argument.length(), 128 - arguments.length()));
            arguments.append(major() >= 7 ? "'" + argument + "' " : "`" + argument + "`, ");
        }
        String name = request.argument(0);
        name = name.substring(0, Math.min(128, name.length()));
        return major() >= 7
                ? "ERR unknown command '" + name + "', with args beginning with: " + arguments
                : "ERR unknown command `" + name + "`, with args beginning with: " + arguments;
    }

    String unknownSubcommand(String command, String sub) {
        String shown = sub.substring(0, Math.min(128, sub.length()));
        return major() >= 7
                ? "ERR unknown subcommand '" + shown + "'. Try " + command + " HELP."
                : "ERR Unknown subcommand or wrong number of arguments for '" + shown + "'. Try " + command + " HELP.";
    }

    String authWithoutPassword() {
        return major() >= 6
                ? "ERR AUTH <password> called without any password configured for the default user."
                        + " Are you sure your configuration is correct?"
                : "ERR Client sent AUTH, but no password is set";
    }

    String wrongPassword() {
        return major() < 6
                ? "ERR invalid password"
                : text.startsWith("6.0")
                        ? "WRONGPASS invalid username-password pair"
                        : "WRONGPASS invalid username-password pair or user is disabled.";
    }

    /** A command that the configuration keeps from strangers, from version 7 on. */
    String notAllowed(String command) {
        return "ERR " + command + " command not allowed. If the enable-" + command.toLowerCase(java.util.Locale.ROOT)
                + "-command option is set to \"local\", you can run it from a local connection, otherwise you need to"
                + " set this option in the configuration file, and then restart the server.";
    }
}
