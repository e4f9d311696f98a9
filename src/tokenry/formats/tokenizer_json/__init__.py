"""Hugging Face's tokenizer.json (docs/formats/tokenizer_json.md): reading one, and writing one."""
