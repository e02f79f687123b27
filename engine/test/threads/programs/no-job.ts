throw new Error('no job today')
