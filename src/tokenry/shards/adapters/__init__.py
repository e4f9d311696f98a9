"""Steps of other people's pipelines that encode with tokenry."""
