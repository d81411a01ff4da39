using Fluxgate.Core.Kernel;

namespace Fluxgate.Engine.Deliveries;

/// <summary>Wakes this process's dispatcher: there is something to deliver.</summary>
public sealed class DeliverySignal : Wakeup;
