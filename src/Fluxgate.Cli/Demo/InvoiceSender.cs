using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Fluxgate.Cli.Demo;

/// <summary>
/// Sends documents through the signed webhook, as the sender's program would. The delivery id follows from the input, so
/// whatever was sent before a crash is recognised when it is sent again.
/// </summary>
internal sealed class InvoiceSender(Uri server, string secret)
{
    private const int AtOnce = 8;

    /// <summary>The runs that the documents started, or had started, in the order of the documents.</summary>
    public async Task<IReadOnlyList<string>> Send(IReadOnlyList<string> documents, CancellationToken cancel)
    {
        var input = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', documents))).AsSpan(0, 6));
        var runs = new string[documents.Count];
#pragma warning disable RS0030 // the sender is the outside: it stands for a program of somebody else
        using var http = new HttpClient { BaseAddress = server };
#pragma warning restore RS0030
        await Parallel.ForEachAsync(Enumerable.Range(0, documents.Count), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel }, async (i, token) =>
            runs[i] = await Send(http, $"{input}-{i.ToString(CultureInfo.InvariantCulture)}", documents[i], token));
        return runs;
    }

    private async Task<string> Send(HttpClient http, string deliveryId, string document, CancellationToken cancel)
    {
        var body = Encoding.UTF8.GetBytes(document);
        var time = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), (byte[])[.. Encoding.UTF8.GetBytes($"{time}.{deliveryId}."), .. body]);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/hooks/{DemoPeople.OrganizationSlug}/invoices") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("Fluxgate-Signature", $"t={time},id={deliveryId},v1={Convert.ToHexStringLower(signature)}");
        using var answer = await http.SendAsync(request, cancel);
        var text = await answer.Content.ReadAsStringAsync(cancel);
        return answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.Accepted
            ? JsonNode.Parse(text)!["run_id"]!.GetValue<string>()
            : throw new InvalidOperationException($"The webhook answered {(int)answer.StatusCode}: {text}");
    }
}
