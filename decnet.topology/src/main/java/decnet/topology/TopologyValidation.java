package decnet.topology;

import java.util.List;

/** What is wrong with a topology, by itself and with what is around it. Stateless. */
public final class TopologyValidation {
    private TopologyValidation() {}

    /** @return errors first; empty if nothing is wrong */
    public static List<Issue> check(Topology topology, Surroundings surroundings) {
        IssueList issues = new IssueList();
        Surroundings around = surroundings.of(topology.name());
        new GraphRules(topology.design(), around, issues).check();
        new AddressRules(topology.design(), issues).check();
        new NetworkRules(topology.design(), around, issues).check();
        topology.design().members().forEach(member -> new ServiceRules(member, issues).check());
        return issues.sorted();
    }

    /** Whether nothing in the list keeps the topology from being deployed. */
    public static boolean deployable(List<Issue> issues) {
        return issues.stream().noneMatch(Issue::error);
    }
}
