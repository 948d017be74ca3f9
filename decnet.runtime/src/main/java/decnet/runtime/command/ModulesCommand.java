package decnet.runtime.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.CommandContext;
import decnet.core.ExitCode;
import decnet.core.Json;
import decnet.core.TextTable;
import decnet.runtime.Boundary;
import decnet.runtime.Images;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "modules",
        description = "Proves which image can reach the database: asks the java of each image for its modules.")
final class ModulesCommand implements Callable<Integer> {
    private final CommandContext context;

    @Option(names = "--json", description = "For machines.")
    private boolean json;

    ModulesCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<Boundary.Finding> findings = Boundary.check(Images.resolve());
        boolean sound = findings.stream().allMatch(Boundary.Finding::sound);
        if (json) {
            ObjectNode all = Json.object().put("sound", sound);
            ArrayNode list = all.putArray("images");
            for (Boundary.Finding finding : findings) {
                ObjectNode one = list.addObject()
                        .put("image", finding.image())
                        .put("orm_allowed", finding.ormAllowed())
                        .put("orm", finding.orm())
                        .put("sound", finding.sound());
                ArrayNode modules = one.putArray("modules");
                finding.modules().forEach(modules::add);
            }
            context.out().println(Json.pretty(all));
        } else {
            TextTable table = new TextTable("IMAGE", "MODULES", "ORM", "ALLOWED", "PROOF", "OURS");
            for (Boundary.Finding finding : findings) {
                table.row(
                        finding.image(),
                        finding.modules().size(),
                        finding.orm() ? "yes" : "no",
                        finding.ormAllowed() ? "yes" : "no",
                        finding.sound() ? "holds" : "BROKEN",
                        String.join(" ", finding.ours()));
            }
            context.out().print(table);
        }
        return sound ? ExitCode.OK : ExitCode.FAILED;
    }
}
