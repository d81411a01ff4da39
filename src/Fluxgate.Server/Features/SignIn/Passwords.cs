using System.Text;
using Fluxgate.Core.Cryptography;
using Fluxgate.Core.Kernel;

namespace Fluxgate.Server.Features.SignIn;

/// <summary>
/// Hashes and verifies passwords, two at a time: each takes 64 MiB and about 90 ms of one core. The waiting line is
/// short, so that strangers who stand in it cost the server a few seconds and not its memory.
/// </summary>
internal sealed class Passwords : IDisposable
{
    public const int MinLength = 12;
    public const int MaxLength = 256;

    private const int Lanes = 2;
    private const int LongestLine = 64;

    private static readonly Error Busy = new("sign_in.busy", ErrorKind.Unavailable, "Too many passwords are being checked right now; try again in a few seconds.");

    private readonly SemaphoreSlim lanes = new(Lanes);
    private int inLine;

    /// <summary>A hash of nothing anybody knows; verifying against it makes an unknown address cost what a known one does.</summary>
    private readonly Lazy<string> decoy = new(() => Argon2id.Hash(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32)));

    /// <summary>Error: <c>sign_in.busy</c>.</summary>
    public Task<Result<string>> Hash(string password, CancellationToken cancel) => InLane(() => Argon2id.Hash(Encoding.UTF8.GetBytes(password)), cancel);

    /// <summary>Whether it is the password; error: <c>sign_in.busy</c>.</summary>
    public Task<Result<bool>> Verify(string password, string? hash, CancellationToken cancel) =>
        InLane(() => Argon2id.Verify(Encoding.UTF8.GetBytes(password), hash ?? decoy.Value) && hash is not null, cancel);

    private async Task<Result<T>> InLane<T>(Func<T> work, CancellationToken cancel)
    {
        try
        {
            if (Interlocked.Increment(ref inLine) > LongestLine + Lanes)
                return Busy;
            await lanes.WaitAsync(cancel);
            try
            {
                return await Task.Run(work, cancel);
            }
            finally
            {
                lanes.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref inLine);
        }
    }

    public void Dispose() => lanes.Dispose();
}
