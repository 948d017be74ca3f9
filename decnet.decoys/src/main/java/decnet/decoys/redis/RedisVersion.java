package decnet.decoys.redis;

import decnet.decoys.redis.RespDecoder.Request;

/** What differs between the versions a decky can show. */
record RedisVersion(String text) {
    int major() {
        return text.isEmpty() ? 7 : text.charAt(0) - '0';
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
        return major() >= 7
                ? "ERR unknown subcommand '" + sub + "'. Try " + command + " HELP."
                : "ERR Unknown subcommand or wrong number of arguments for '" + sub + "'. Try " + command + " HELP.";
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

    int commandCount() {
        return switch (text) {
            case "7.0.15" -> 240;
            case "6.2.7" -> 224;
            case "6.0.16" -> 204;
            default -> 200;
        };
    }
}
