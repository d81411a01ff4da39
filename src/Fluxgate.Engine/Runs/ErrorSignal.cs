using Fluxgate.Core.Kernel;

namespace Fluxgate.Engine.Runs;

/// <summary>Wakes <see cref="ErrorStarts"/> of this process: a run has ended whose error workflow is to start.</summary>
public sealed class ErrorSignal : Wakeup;
