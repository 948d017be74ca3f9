package decnet.decoys.shell;

import java.util.Map;
import java.util.function.Predicate;

/** Puts the commands that reach the fleet's other machines before those that only pretend to try. Stateless. */
final class ReachCommands {
    private ReachCommands() {}

    /** @param map has the commands that are used where no machine can be reached */
    static void addTo(Map<String, Command> map) {
        prefer(map, "telnet", TelnetCommand::run, call -> call.count() > 1);
        for (String name : new String[] {"nc", "ncat", "netcat"}) {
            prefer(map, name, NetcatCommand::run, NetcatCommand::connects);
        }
        prefer(map, "ping", PingCommand::run, PingCommand::takes);
        prefer(map, "curl", CurlCommand::run, CurlCommand::takes);
        prefer(map, "wget", WgetCommand::run, WgetCommand::takes);
        prefer(map, "ssh", SshCommand::run, SshCommand::takes);
        prefer(map, "redis-cli", RedisCliCommand::run, call -> true);
    }

    private static void prefer(Map<String, Command> map, String name, Command command, Predicate<Call> when) {
        Command before = map.getOrDefault(name, call -> call.fail("command not found"));
        map.put(name, call -> call.front().isPresent() && when.test(call) ? command.run(call) : before.run(call));
    }
}
