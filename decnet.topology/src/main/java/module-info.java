/**
 * What machines exist: the catalogue of services, archetypes, personas, fleet files, addresses and the desired state.
 *
 * <p>Start at {@link decnet.topology.FleetStore} and {@link decnet.topology.FleetPlan}. Files are the only input and output.
 */
@org.jspecify.annotations.NullMarked
module decnet.topology {
    requires static transitive org.jspecify;
    requires transitive decnet.core;
    requires decnet.x509;

    exports decnet.topology;
}
