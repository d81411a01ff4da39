using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Reviews;

internal static class ReviewEndpoints
{
    public static void AddReviews(this IServiceCollection services) => services.AddSingleton<ReviewAccess>();

    public static void MapReviews(this IEndpointRouteBuilder routes)
    {
        var reviews = routes.MapGroup("/v1/reviews").WithTags("reviews");
        reviews.MapGet("", ListReviews.Handle).WithName("list_reviews").Needs(Permissions.ReviewsRead);
        reviews.MapGet("/{id:guid}", GetReview.Handle).WithName("get_review").Needs(Permissions.ReviewsRead);
        reviews.MapPost("/{id:guid}/decisions", DecideReview.Handle).WithName("decide_review").Needs(Permissions.ReviewsDecide);
    }
}
